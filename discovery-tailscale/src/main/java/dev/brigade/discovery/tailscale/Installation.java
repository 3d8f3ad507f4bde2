package dev.brigade.discovery.tailscale;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Where Tailscale may be on this machine. Looked at again at each use, since it may be installed or
 * started later.
 *
 * @param sockets of the daemon
 * @param commands of the command-line client
 */
record Installation(List<Path> sockets, List<Path> commands) {
  static final String NOT_FOUND =
      "neither the Tailscale daemon's socket nor the command 'tailscale' is on this machine;"
          + " install Tailscale, or set 'socket' or 'command' of the discovery";

  private static final Duration LIMIT = Duration.ofSeconds(5);

  Installation {
    sockets = List.copyOf(sockets);
    commands = List.copyOf(commands);
  }

  /** The usual places of Linux, macOS and Windows, and the search path. */
  static Installation usual() {
    List<Path> commands = new ArrayList<>();
    for (String folder : System.getenv().getOrDefault("PATH", "").split(File.pathSeparator)) {
      if (!folder.isBlank() && folder.indexOf('"') < 0) {
        File file = new File(folder);
        commands.add(new File(file, "tailscale").toPath());
        commands.add(new File(file, "tailscale.exe").toPath());
      }
    }
    commands.add(Path.of("/Applications/Tailscale.app/Contents/MacOS/Tailscale"));
    commands.add(new File("C:\\Program Files\\Tailscale\\tailscale.exe").toPath());
    return new Installation(
        List.of(
            Path.of("/var/run/tailscale/tailscaled.sock"), Path.of("/var/run/tailscaled.socket")),
        commands);
  }

  boolean isThere() {
    return socket().isPresent() || command().isPresent();
  }

  /** Asks the daemon that {@code config} names, else the one that is found. */
  Tailnet ask(TailscaleConfig config) throws TailscaleTrouble, InterruptedException {
    Optional<Path> socket = config.socketPath();
    if (socket.isEmpty() && config.commandPath().isEmpty()) {
      socket = socket();
    }
    if (socket.isPresent()) {
      return new LocalApi(socket.get(), LIMIT).ask();
    }
    Optional<Path> command = config.commandPath().or(this::command);
    if (command.isEmpty()) {
      throw TailscaleTrouble.unanswered(NOT_FOUND);
    }
    return new StatusCommand(command.get(), LIMIT).ask();
  }

  private Optional<Path> socket() {
    return sockets.stream().filter(Files::exists).findFirst();
  }

  private Optional<Path> command() {
    return commands.stream()
        .filter(path -> Files.isRegularFile(path) && Files.isExecutable(path))
        .findFirst();
  }
}
