package dev.brigade.launcher.demo;

import dev.brigade.cluster.ClusterState;
import dev.brigade.launcher.config.BrigadeConfig;
import dev.brigade.launcher.config.ConfigFile;
import dev.brigade.launcher.node.RunningNode;
import dev.brigade.launcher.secret.ClusterToken;
import dev.brigade.spi.transport.NodeState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/** Nodes on this machine: the first in this process, which has the API, the others in their own. */
final class DemoCluster implements AutoCloseable {
  private static final long PATIENCE_SECONDS = 120;
  private final List<NodeProcess> others = new ArrayList<>();
  private final Path folder;
  private final int size;
  private Optional<RunningNode> first = Optional.empty();

  private DemoCluster(Path folder, int size) {
    this.folder = folder;
    this.size = size;
  }

  /** Starts the node of this process once its config is known. */
  interface Starter {
    RunningNode start(BrigadeConfig config, String secret) throws Exception;
  }

  /**
   * Starts the nodes, without waiting until they see each other.
   *
   * @param apiPort of the first node
   */
  static DemoCluster start(DemoNodes nodes, int apiPort, String model, Starter starter)
      throws Exception {
    Path folder = Files.createTempDirectory("brigade-demo");
    DemoCluster cluster = new DemoCluster(folder, nodes.count());
    String secret = ClusterToken.make();
    try {
      for (int i = 1; i < nodes.count(); i++) {
        String config = nodes.config(i, 0, model);
        cluster.others.add(NodeProcess.start(nodes.name(i), folder, config, secret));
      }
      Path own = folder.resolve(nodes.name(0) + ".yaml");
      Files.writeString(own, nodes.config(0, apiPort, model));
      BrigadeConfig config = new ConfigFile(folder, folder, Map.of()).load(Optional.of(own));
      cluster.first = Optional.of(starter.start(config, secret));
      return cluster;
    } catch (Exception e) {
      cluster.close();
      throw e;
    }
  }

  /** The node in this process. */
  RunningNode first() {
    return first.orElseThrow();
  }

  /**
   * Waits until all nodes are members and up.
   *
   * @throws IOException if a process ended instead; tells its last words
   */
  ClusterState awaitAll() throws Exception {
    CompletableFuture<ClusterState> complete = first().node().when(state -> up(state) == size);
    for (NodeProcess other : others) {
      other
          .ended()
          .thenAccept(
              words ->
                  complete.completeExceptionally(
                      new IOException(other.name() + " ended with " + words)));
    }
    try {
      return complete.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException cause ? cause : e;
    } catch (TimeoutException e) {
      long found = up(first().node().state());
      throw new TimeoutException(
          "only %d of %d nodes found each other within %d seconds"
              .formatted(found, size, PATIENCE_SECONDS));
    }
  }

  private static long up(ClusterState state) {
    return state.nodes().stream().filter(node -> node.state() == NodeState.UP).count();
  }

  /** Stops all nodes, and waits for it. */
  @Override
  public synchronized void close() {
    first.ifPresent(RunningNode::close);
    others.parallelStream().forEach(NodeProcess::close);
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException | UncheckedIOException e) {
      System.getLogger(DemoCluster.class.getName())
          .log(System.Logger.Level.DEBUG, "temporary files stay behind in " + folder, e);
    }
  }
}
