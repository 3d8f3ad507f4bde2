package dev.brigade.launcher.demo;

import dev.brigade.launcher.host.OwnJava;
import dev.brigade.launcher.node.ClusterSecrets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * A node in a process of its own, which ends when this one does, however that ends: it watches its
 * stdin, whose other end is here.
 */
final class NodeProcess implements AutoCloseable {
  private static final long GOODBYE_SECONDS = 8;
  private static final int LAST_WORDS = 2000;
  private final String name;
  private final Process process;
  private final Path log;

  private NodeProcess(String name, Process process, Path log) {
    this.name = name;
    this.process = process;
    this.log = log;
  }

  /**
   * Starts {@code brigade up} with the Java of this process.
   *
   * @param folder for config and log
   * @param config as a file has it
   */
  static NodeProcess start(String name, Path folder, String config, String secret)
      throws IOException {
    Path file = Files.writeString(folder.resolve(name + ".yaml"), config);
    Path log = folder.resolve(name + ".log");
    ProcessBuilder builder =
        OwnJava.builder(List.of(), List.of("up", "--follow", "--config", file.toString()));
    builder.environment().put(ClusterSecrets.VARIABLE, secret);
    builder.redirectErrorStream(true).redirectOutput(log.toFile());
    return new NodeProcess(name, builder.start(), log);
  }

  String name() {
    return name;
  }

  /** Completes when the process has ended, with its status and the last that it said. */
  CompletableFuture<String> ended() {
    return process.onExit().thenApply(gone -> "status " + gone.exitValue() + lastWords());
  }

  private String lastWords() {
    try {
      String text = Files.readString(log).strip();
      String end = text.substring(Math.max(0, text.length() - LAST_WORDS));
      return end.isEmpty() ? "" : ": " + end;
    } catch (IOException e) {
      return "";
    }
  }

  /** Asks the process to end, and sees to it that it does. */
  @Override
  public void close() {
    try {
      process.getOutputStream().close();
    } catch (IOException e) {
      // Then it has ended already.
    }
    try {
      if (!process.waitFor(GOODBYE_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
