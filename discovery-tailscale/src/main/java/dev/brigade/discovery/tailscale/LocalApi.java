package dev.brigade.discovery.tailscale;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;

/** The daemon's local API: HTTP over its Unix-domain socket. Reading the status needs no key. */
final class LocalApi implements TailnetSource {
  private static final byte[] REQUEST =
      String.join(
              "\r\n",
              "GET /localapi/v0/status HTTP/1.1",
              "Host: local-tailscaled.sock",
              "Accept: application/json",
              "Connection: close",
              "",
              "")
          .getBytes(StandardCharsets.US_ASCII);

  private final Path socket;
  private final Duration limit;

  LocalApi(Path socket, Duration limit) {
    this.socket = socket;
    this.limit = limit;
  }

  @Override
  public Tailnet ask() throws TailscaleTrouble, InterruptedException {
    HttpReply reply = reply();
    if (reply.status() == 401 || reply.status() == 403) {
      throw TailscaleTrouble.unanswered(denied(": " + reply.excerpt()));
    }
    if (reply.status() != 200) {
      throw TailscaleTrouble.unanswered(
          "the Tailscale daemon at "
              + socket
              + " answered with HTTP status "
              + reply.status()
              + " ("
              + reply.excerpt()
              + "), not 200; see its log");
    }
    return StatusJson.parse(reply.body());
  }

  private HttpReply reply() throws TailscaleTrouble, InterruptedException {
    try (DeadlineChannel channel = DeadlineChannel.open(socket, limit)) {
      channel.write(REQUEST);
      return HttpReply.read(channel);
    } catch (IOException e) {
      if (Thread.interrupted()) {
        throw new InterruptedException("interrupted while asking " + socket);
      }
      throw TailscaleTrouble.unanswered(reason(e));
    }
  }

  // The JDK tells the kinds of failure to connect apart by their message alone.
  private String reason(IOException failure) {
    String message = String.valueOf(failure.getMessage());
    String lower = message.toLowerCase(Locale.ROOT);
    if (lower.contains("permission denied")) {
      return denied("");
    }
    if (!Files.exists(socket) || lower.contains("no such file")) {
      return "there is no Tailscale daemon: "
          + socket
          + " does not exist; start tailscaled, or set 'socket' of the discovery";
    }
    if (lower.contains("refused")) {
      return "no Tailscale daemon listens at " + socket + "; start tailscaled";
    }
    return "the Tailscale daemon at " + socket + " gives no answer (" + message + "); restart it";
  }

  private String denied(String detail) {
    return "the Tailscale daemon's socket "
        + socket
        + " may not be used by "
        + System.getProperty("user.name")
        + detail
        + "; run: sudo tailscale set --operator="
        + System.getProperty("user.name")
        + ", or let this user read and write the socket";
  }
}
