package dev.brigade.launcher.host;

import dev.brigade.launcher.Main;
import java.io.File;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The command {@code brigade} once more, with the Java and the class path of this process. */
public final class OwnJava {
  private OwnJava() {}

  /**
   * A process that is not started yet.
   *
   * @param options of Java, beside those that this process has
   * @param arguments of the command
   */
  public static ProcessBuilder builder(List<String> options, List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(OwnJava::isPassedOn)
        .forEach(command::add);
    command.addAll(options);
    String classPath = System.getProperty("java.class.path");
    boolean distribution = classPath.endsWith(".jar") && !classPath.contains(File.pathSeparator);
    command.addAll(distribution ? List.of("-jar", classPath) : List.of(Main.class.getName()));
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command);
    // Not as an argument: a command line beyond 4 KiB makes ONNX Runtime 1.29 crash on Linux.
    builder.environment().put("CLASSPATH", classPath);
    return builder;
  }

  /** Other processes run as this one does, but for what two cannot share. */
  private static boolean isPassedOn(String argument) {
    return !argument.startsWith("-agentlib")
        && !argument.startsWith("-javaagent")
        && !argument.startsWith("-Dbrigade.terminal")
        && !argument.startsWith("-XX:ErrorFile")
        && !argument.startsWith("-XX:ArchiveClassesAtExit");
  }
}
