package dev.brigade.discovery.tailscale;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A tailscaled without a network interface of its own, as a machine of the tailnet. Whoever
 * connects to its Tailscale address reaches loopback here.
 */
final class UserspaceDaemon implements AutoCloseable {
  private final String name;
  private final Path programs;
  private final Path folder;
  private final Path command;
  private final int proxyPort = Program.freePort();
  private final Program daemon;
  private int commands;

  /** Starts a machine that is in no tailnet yet. */
  static UserspaceDaemon start(String name, Path programs, Path parent) throws IOException {
    return new UserspaceDaemon(name, programs, Files.createDirectory(parent.resolve(name)));
  }

  private UserspaceDaemon(String name, Path programs, Path folder) throws IOException {
    this.name = name;
    this.programs = programs;
    this.folder = folder;
    this.command = folder.resolve("tailscale");
    Files.writeString(
        command,
        "#!/bin/sh\nexec '%s' --socket='%s' \"$@\"\n"
            .formatted(programs.resolve("tailscale"), socket()));
    Files.setPosixFilePermissions(command, PosixFilePermissions.fromString("rwxr-xr-x"));
    daemon =
        Program.start(
            folder.resolve("daemon.log"),
            Map.of(
                "TS_NO_LOGS_NO_SUPPORT", "true",
                "TS_DISABLE_PORTMAPPER", "true",
                "TS_DEBUG_USE_DERP_HTTP", "true",
                "TS_PANIC_IF_HIT_MAIN_CONTROL", "true",
                "TS_LOGS_DIR", folder.toString()),
            List.of(
                programs.resolve("tailscaled").toString(),
                "--tun=userspace-networking",
                "--statedir=" + folder,
                "--socket=" + socket(),
                "--port=0",
                "--socks5-server=127.0.0.1:" + proxyPort,
                "--outbound-http-proxy-listen=127.0.0.1:" + proxyPort));
    daemon.await("the daemon's socket", () -> Files.exists(socket()));
  }

  Path socket() {
    return folder.resolve("d.sock");
  }

  /** The command-line client of this daemon. */
  Path command() {
    return command;
  }

  /** Where it forwards connections into the tailnet; {@code scheme} is socks5 or http. */
  String proxy(String scheme) {
    return scheme + "://127.0.0.1:" + proxyPort;
  }

  /** Joins the tailnet and waits until it is in. */
  UserspaceDaemon join(ControlServer control, String... tags) {
    ask(
        "up",
        "--login-server=" + control.url(),
        "--auth-key=" + control.key(tags),
        "--hostname=" + name,
        "--timeout=50s");
    return this;
  }

  /** Starts the machine that was closed, as it was before. */
  UserspaceDaemon again() throws IOException {
    return new UserspaceDaemon(name, programs, folder);
  }

  /** Waits until a machine that is in the tailnet is in touch with it again. */
  void awaitConnected() {
    daemon.await("the tailnet", this::isConnected);
  }

  private boolean isConnected() {
    try {
      return !new LocalApi(socket(), Duration.ofSeconds(5)).ask().own().isEmpty();
    } catch (TailscaleTrouble | InterruptedException e) {
      return false;
    }
  }

  /** Runs the command-line client. */
  String ask(String... words) {
    List<String> line = new ArrayList<>(List.of(command.toString()));
    line.addAll(List.of(words));
    return Program.run(folder.resolve(commands++ + ".log"), line);
  }

  @Override
  public void close() {
    daemon.close();
  }
}
