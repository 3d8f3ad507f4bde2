package dev.brigade.discovery.tailscale;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** The command {@code tailscale status --json}, where the daemon has no socket to be found. */
final class StatusCommand implements TailnetSource {
  private final Path command;
  private final Duration limit;

  StatusCommand(Path command, Duration limit) {
    this.command = command;
    this.limit = limit;
  }

  @Override
  public Tailnet ask() throws TailscaleTrouble, InterruptedException {
    byte[] status;
    try {
      // Files, since a pipe has no deadline.
      Path out = Files.createTempFile("brigade-tailscale", ".json");
      Path err = Files.createTempFile("brigade-tailscale", ".err");
      try {
        status = run(out, err);
      } finally {
        Files.deleteIfExists(out);
        Files.deleteIfExists(err);
      }
    } catch (IOException e) {
      throw TailscaleTrouble.unanswered(
          "the command "
              + command
              + " cannot be run ("
              + e.getMessage()
              + "); install Tailscale, or set 'command' of the discovery");
    }
    return StatusJson.parse(status);
  }

  private byte[] run(Path out, Path err)
      throws IOException, TailscaleTrouble, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(command.toString(), "status", "--json");
    // Makes the binary of the macOS app act as a command instead of opening a window.
    builder.environment().put("TAILSCALE_BE_CLI", "1");
    builder.redirectOutput(out.toFile()).redirectError(err.toFile());
    Process process = builder.start();
    try {
      process.getOutputStream().close();
      if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
        throw TailscaleTrouble.unanswered(
            "'" + command + " status' takes longer than " + limit + "; restart Tailscale");
      }
    } finally {
      process.destroyForcibly();
    }
    if (process.exitValue() != 0) {
      throw TailscaleTrouble.unanswered(
          "'"
              + command
              + " status' failed with exit code "
              + process.exitValue()
              + " ("
              + excerpt(err)
              + "); start Tailscale");
    }
    if (Files.size(out) > HttpReply.MAX_BODY) {
      throw new IOException("its answer is longer than " + HttpReply.MAX_BODY + " bytes");
    }
    return Files.readAllBytes(out);
  }

  private static String excerpt(Path file) throws IOException {
    try (var in = Files.newInputStream(file)) {
      return new HttpReply(0, in.readNBytes(200)).excerpt().replaceAll("\\s+", " ");
    }
  }
}
