package dev.brigade.launcher.process;

import dev.brigade.launcher.Main;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** The command as a process of its own, whose output is read as it comes. */
final class BrigadeProcess implements AutoCloseable {
  private static final long PATIENCE_SECONDS = 90;
  private static final String END = "(end of output)";
  private final Process process;
  private final List<String> seen = new CopyOnWriteArrayList<>();
  private final BlockingQueue<String> unread = new LinkedBlockingQueue<>();

  private BrigadeProcess(Process process) {
    this.process = process;
    Thread reader = new Thread(this::read, "reader-of-" + process.pid());
    reader.setDaemon(true);
    reader.start();
  }

  static BrigadeProcess start(Map<String, String> environment, String... arguments)
      throws IOException {
    return start(List.of(), environment, arguments);
  }

  /**
   * @param within what runs the command: a program and its arguments
   */
  static BrigadeProcess start(
      List<String> within, Map<String, String> environment, String... arguments)
      throws IOException {
    List<String> command = new ArrayList<>(within);
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx512m", "-XX:+UseSerialGC", "-XX:+IgnoreUnrecognizedVMOptions"));
    command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-XX:TieredStopAtLevel=1"));
    command.add("-Dbrigade.home=" + System.getProperty("brigade.home"));
    command.add(Main.class.getName());
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().remove("BRIGADE_SECRET");
    builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
    builder.environment().putAll(environment);
    return new BrigadeProcess(builder.start());
  }

  private void read() {
    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        seen.add(line);
        unread.add(line);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      unread.add(END);
    }
  }

  /** The first line not yet awaited of which the condition holds; fails if none comes. */
  String awaitLine(Predicate<String> condition) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (true) {
      String line = unread.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
      if (line == null || line.equals(END)) {
        throw new AssertionError("the line did not come; there were:\n" + output());
      }
      if (condition.test(line)) {
        return line;
      }
    }
  }

  /** Waits for the process to end by itself. */
  int awaitEnd() throws InterruptedException {
    if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      throw new AssertionError("the process does not end; its output:\n" + output());
    }
    return process.exitValue();
  }

  /** All output so far. */
  String output() {
    return String.join("\n", seen);
  }

  ProcessHandle handle() {
    return process.toHandle();
  }

  /** Asks it to end, as SIGTERM does. */
  void terminate() {
    process.destroy();
  }

  /** Ends it without asking, as SIGKILL does. */
  void kill() {
    process.destroyForcibly();
  }

  /** Sends a signal, such as STOP or CONT. */
  void signal(String name) throws IOException, InterruptedException {
    String pid = String.valueOf(process.pid());
    int status = new ProcessBuilder("kill", "-" + name, pid).inheritIO().start().waitFor();
    if (status != 0) {
      throw new IOException("kill -" + name + " " + pid + " ended with " + status);
    }
  }

  @Override
  public void close() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }
}
