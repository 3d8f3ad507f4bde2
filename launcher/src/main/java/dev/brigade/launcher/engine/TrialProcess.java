package dev.brigade.launcher.engine;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.brigade.launcher.host.OwnJava;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Tries each engine in a process of its own, with a deadline: a native library that crashes or
 * hangs takes nobody with it.
 *
 * @param plugins folders of plugins, as this process has them
 */
record TrialProcess(List<Path> plugins) implements EngineTrials {
  private static final int MOST_REASON = 300;
  private static final long GOODBYE_SECONDS = 5;

  /** The highest status with which the command ends by itself. */
  private static final int WRONG_USAGE = 2;

  TrialProcess {
    plugins = List.copyOf(plugins);
  }

  @Override
  public EngineTrial run(String engine, ObjectNode settings, Path model, Duration deadline) {
    try {
      Path folder = Files.createTempDirectory("brigade-trial");
      try {
        return run(engine, settings, model, deadline, folder);
      } finally {
        delete(folder);
      }
    } catch (IOException e) {
      return new EngineTrial.Failed(engine, "its process could not be started: " + e.getMessage());
    }
  }

  private EngineTrial run(
      String engine, ObjectNode settings, Path model, Duration deadline, Path folder)
      throws IOException {
    List<String> arguments =
        new ArrayList<>(List.of("try-engine", engine, "--model", model.toString()));
    // What an engine makes of the model's weights goes with the folder.
    arguments.addAll(List.of("--cache", folder.resolve("cache").toString()));
    arguments.addAll(List.of("--settings", settings.toString()));
    plugins.forEach(plugin -> arguments.addAll(List.of("--plugins", plugin.toString())));
    Path out = folder.resolve("out");
    Path err = folder.resolve("err");
    Process process =
        OwnJava.builder(List.of("-XX:ErrorFile=" + folder.resolve("crash")), arguments)
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start();
    try {
      process.getOutputStream().close();
      if (!process.waitFor(deadline.toMillis(), TimeUnit.MILLISECONDS)) {
        return new EngineTrial.Failed(
            engine, "no answer within " + deadline.toSeconds() + " seconds");
      }
      return process.exitValue() == 0
          ? TrialJson.trial(new ObjectMapper().readTree(lastLine(out)))
          : new EngineTrial.Failed(engine, reason(process.exitValue(), out, err));
    } catch (JsonProcessingException | IllegalArgumentException e) {
      return new EngineTrial.Failed(engine, "its process gave no figures: " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new EngineTrial.Failed(engine, "interrupted");
    } finally {
      // Its folder can be deleted only once it has ended.
      process
          .destroyForcibly()
          .onExit()
          .completeOnTimeout(process, GOODBYE_SECONDS, TimeUnit.SECONDS)
          .join();
    }
  }

  /** What the command says when it fails; else what Java says when native code brings it down. */
  private static String reason(int status, Path out, Path err) throws IOException {
    String said =
        Stream.concat(lines(err).stream(), lines(out).stream())
            .filter(line -> line.startsWith("brigade: ") || line.matches("#\\s+(SIG|EXC).*"))
            .findFirst()
            .map(line -> ": " + line.replaceFirst("brigade: |#\\s+", ""))
            .orElse("");
    String reason =
        said.startsWith(": ") && status <= WRONG_USAGE
            ? said.substring(2)
            : "its process ended with status " + status + said;
    return reason.substring(0, Math.min(MOST_REASON, reason.length()));
  }

  private static String lastLine(Path file) throws IOException {
    List<String> lines = lines(file);
    return lines.isEmpty() ? "" : lines.get(lines.size() - 1);
  }

  private static List<String> lines(Path file) throws IOException {
    // What native code prints may be in any encoding.
    return new String(Files.readAllBytes(file), java.nio.charset.StandardCharsets.ISO_8859_1)
        .lines()
        .filter(line -> !line.isBlank())
        .toList();
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
