package dev.brigade.transport.vertx;

import dev.brigade.spi.transport.Endpoint;
import dev.brigade.testkit.TestHost;
import dev.brigade.testkit.TransportMember;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** A node in a process of its own, to be killed. It takes messages and never answers. */
final class NodeProcess implements AutoCloseable {
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
    builder.redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.INHERIT);
    return new NodeProcess(builder.start());
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
      while (System.in.read() >= 0) {
        // Waits for the parent's end, so that no child outlives a broken test.
      }
    }
  }
}
