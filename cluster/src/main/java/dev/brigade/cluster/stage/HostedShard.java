package dev.brigade.cluster.stage;

import dev.brigade.cluster.ServedModel;
import dev.brigade.cluster.wire.Head;
import dev.brigade.spi.Cancellation;
import dev.brigade.spi.engine.LoadedShard;
import dev.brigade.spi.partition.Plan;
import dev.brigade.spi.partition.Stage;
import dev.brigade.spi.transport.NodeId;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** This node's stage of one plan, from the wish to have it to its unloading. Owned by the loop. */
final class HostedShard {
  final Plan plan;
  final int index;

  /** Who wants it, with how often they have said so. */
  final Map<NodeId, Integer> holders = new LinkedHashMap<>();

  final CompletableFuture<Head.Placed> ready = new CompletableFuture<>();
  final Cancellation.Source loading = new Cancellation.Source();
  private Optional<Loaded> loaded = Optional.empty();

  HostedShard(Plan plan, int index) {
    this.plan = plan;
    this.index = index;
  }

  /**
   * What there is once it is loaded.
   *
   * @param bytes memory that the shard takes, what it shares with others included
   * @param took how long loading took
   * @param kvBytesPerToken memory that a sequence takes for each token of its capacity
   */
  record Loaded(
      LoadedShard shard,
      ServedModel model,
      ShardMemory.Share memory,
      long bytes,
      Duration took,
      double kvBytesPerToken) {}

  Stage stage() {
    return plan.stages().get(index);
  }

  boolean isFirst() {
    return index == 0;
  }

  boolean isTail() {
    return index == plan.stages().size() - 1;
  }

  NodeId head() {
    return plan.stages().get(0).node();
  }

  Stage next() {
    return plan.stages().get(index + 1);
  }

  /** To whom a node of a plan hands on: the next stage, or from the tail the first one. */
  static Optional<NodeId> receiver(Plan plan, NodeId node) {
    List<NodeId> nodes = plan.stages().stream().map(Stage::node).toList();
    int index = nodes.indexOf(node);
    return index < 0 ? Optional.empty() : Optional.of(nodes.get((index + 1) % nodes.size()));
  }

  Optional<Loaded> loaded() {
    return loaded;
  }

  void loaded(Loaded what) {
    loaded = Optional.of(what);
    ready.complete(new Head.Placed(what.took().toMillis(), what.bytes(), List.of()));
  }

  void unloaded() {
    loaded = Optional.empty();
  }
}
