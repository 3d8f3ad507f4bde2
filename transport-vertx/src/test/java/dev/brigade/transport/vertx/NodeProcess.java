package dev.brigade.transport.vertx;

import dev.brigade.spi.transport.Endpoint;
import dev.brigade.testkit.TestHost;
import dev.brigade.testkit.TransportMember;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** A node in a process of its own, to be killed. It takes messages and never answers. */
final class NodeProcess implements AutoCloseable {
  private static final Duration LOOK_AGAIN = Duration.ofMillis(100);
  private final Process process;

  private NodeProcess(Process process) {
    this.process = process;
  }

  /** Starts a node that knows {@code member}. */
  static NodeProcess joining(Endpoint member, String secret) throws IOException {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    ProcessBuilder builder =
        new ProcessBuilder(
            java,
            "-Xmx128m",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            NodeProcess.class.getName(),
            member.toString(),
            secret);
    builder.redirectError(ProcessBuilder.Redirect.INHERIT);
    return new NodeProcess(builder.start());
  }

  /** The first warning of the node that contains {@code part}. */
  String awaitLine(String part) throws IOException {
    BufferedReader lines = process.inputReader(StandardCharsets.UTF_8);
    String line = lines.readLine();
    while (line != null && !line.contains(part)) {
      line = lines.readLine();
    }
    if (line == null) {
      throw new AssertionError("the node ended without a line that contains: " + part);
    }
    return line;
  }

  /** Ends the process as {@code kill -9} does. */
  void kill() {
    process.destroyForcibly();
  }

  @Override
  public void close() {
    kill();
  }

  /** Arguments: the endpoint of a member, and the secret. Ends when its standard input does. */
  public static void main(String[] arguments) throws Exception {
    Endpoint member = Endpoint.parse(arguments[0]);
    VertxTransportConfig config =
        new VertxTransportConfig(Optional.empty(), Optional.of(0), Optional.empty());
    try (TestHost host = TestHost.builder().secret(arguments[1]).build();
        TransportMember node =
            TransportMember.bind("child", new VertxTransportProvider().create(config, host))) {
      node.answer((from, message) -> new CompletableFuture<>());
      node.start(() -> Set.of(member));
      host.timer().schedule(LOOK_AGAIN, () -> print(host, 0));
      while (System.in.read() >= 0) {
        // Waits for the parent's end, so that no child outlives a broken test.
      }
    }
  }

  /** Prints what was logged since {@code printed} lines, and again a little later. */
  private static void print(TestHost host, int printed) {
    List<String> warnings = host.log().texts(System.Logger.Level.WARNING, "");
    warnings.stream().skip(printed).forEach(System.out::println);
    host.timer().schedule(LOOK_AGAIN, () -> print(host, warnings.size()));
  }
}
