package dev.brigade.cluster.stage;

import dev.brigade.cluster.ModelLibrary;
import dev.brigade.cluster.observe.NodeLoad;
import dev.brigade.cluster.observe.NodeObserver;
import dev.brigade.cluster.observe.RequestLog;
import dev.brigade.cluster.runtime.Messenger;
import dev.brigade.cluster.runtime.NodeRuntime;
import dev.brigade.cluster.wire.Head;
import dev.brigade.spi.Progress;
import dev.brigade.spi.engine.InferenceEngine;
import dev.brigade.spi.engine.Shard;
import dev.brigade.spi.partition.ModelShape;
import dev.brigade.spi.partition.Plan;
import dev.brigade.spi.transport.NodeId;
import dev.brigade.spi.transport.TransportException;
import dev.brigade.spi.transport.View;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;

/**
 * This node as a stage: holds shards and sequences for whoever asks, and closes what is over. Owned
 * by the loop.
 */
public final class StageHost {
  /** How long a loading may take to heed that it is cancelled. */
  private static final Duration LOADING_GRACE = Duration.ofSeconds(10);

  /** How long a node may be seen by the entry and not yet by a stage. */
  private static final Duration VIEW_GRACE = Duration.ofSeconds(2);

  private final NodeId self;
  private final NodeRuntime runtime;
  private final Relay relay;
  private final MemoryLedger ledger;
  private final long runtimeBytes;
  private final Shards shards;
  private final Sequences sequences;
  private final StepFlow steps;
  private final Leftovers leftovers;
  private View view = new View(0, List.of());

  /**
   * @param memoryBytes what shards and sequences may take together
   * @param stepDeadline for a step to be taken in by the next stage
   * @param observer told of passes and transfers
   * @param progress told how far a shard's loading is, from a background thread
   * @param log tells what this stage does for each request
   */
  public StageHost(
      NodeId self,
      NodeRuntime runtime,
      Messenger messenger,
      InferenceEngine engine,
      ModelLibrary library,
      long memoryBytes,
      Duration stepDeadline,
      BiConsumer<Shard, Progress> progress,
      NodeObserver observer,
      RequestLog log) {
    this.self = self;
    this.runtime = runtime;
    relay = new Relay(messenger, stepDeadline, runtime.clock(), observer, log);
    runtimeBytes = engine.profile().runtimeBytes();
    ledger = new MemoryLedger(memoryBytes - runtimeBytes);
    ShardMemory memory = new ShardMemory(ledger, engine.sharesWeights());
    shards = new Shards(self, new ShardLoader(runtime, engine, library, memory, progress));
    sequences =
        new Sequences(
            runtime, ledger, new SequenceLog(log), () -> shards.unloadUnwanted(this::inUse));
    steps = new StepFlow(runtime, relay, sequences, engine.profile().maxSlices(), observer);
    leftovers =
        new Leftovers(runtime, messenger, stepDeadline, sequences, shards, this::inUse, log);
  }

  /** Changes what shards and sequences may take together from now on. */
  public void resize(long memoryBytes) {
    ledger.resize(memoryBytes - runtimeBytes);
  }

  /** The model of a plan whose stage is loaded here. */
  public Optional<ModelShape> shape(Plan plan) {
    return shards
        .find(plan.id())
        .flatMap(HostedShard::loaded)
        .map(loaded -> loaded.model().shape());
  }

  private boolean inUse(HostedShard shard) {
    return sequences.useShard(shard);
  }

  /** Loads this node's stage of a plan. */
  public CompletableFuture<Head.Placed> place(NodeId holder, Head.Place place) {
    Plan plan = place.plan();
    if (unreachable(plan).isEmpty()) {
      return shards.place(holder, plan);
    }
    // Views differ for a moment, so that who is not seen at once may still be.
    CompletableFuture<Head.Placed> placed = new CompletableFuture<>();
    runtime.timer().schedule(VIEW_GRACE, () -> complete(placed, placeNow(holder, plan)));
    return placed;
  }

  private CompletableFuture<Head.Placed> placeNow(NodeId holder, Plan plan) {
    List<NodeId> unreachable = unreachable(plan);
    return unreachable.isEmpty()
        ? shards.place(holder, plan)
        : CompletableFuture.completedFuture(new Head.Placed(0, 0, unreachable));
  }

  private static <A> void complete(CompletableFuture<A> result, CompletableFuture<A> with) {
    with.whenComplete(
        (value, failure) -> {
          if (failure == null) {
            result.complete(value);
          } else {
            result.completeExceptionally(failure);
          }
        });
  }

  private CompletableFuture<Void> closeShards() {
    CompletableFuture<Void> closed = shards.close();
    runtime.timer().schedule(LOADING_GRACE, () -> closed.complete(null));
    return closed;
  }

  /** Nodes of the plan to which this one hands something on, and which it does not see. */
  private List<NodeId> unreachable(Plan plan) {
    return HostedShard.receiver(plan, self).stream()
        .filter(node -> view.member(node).isEmpty())
        .toList();
  }

  /** Forgets that a node wants a plan; what is unloaded therefore is gone with the answer. */
  public CompletableFuture<Head.Ack> release(NodeId holder, Head.Release release) {
    return shards.release(holder, release.plan(), this::inUse).thenApply(freed -> new Head.Ack());
  }

  /**
   * Opens a sequence, or lets the one that there is follow a newer attempt.
   *
   * @param ids prompt and answer so far, on the tail only
   */
  public CompletableFuture<Head.Opened> open(NodeId entry, Head.Open open, int[] ids) {
    return shards
        .find(open.plan())
        .map(shard -> sequences.open(entry, shard, open, ids))
        .orElseGet(() -> refused("plan " + open.plan() + " is not loaded here"));
  }

  private static <A> CompletableFuture<A> refused(String reason) {
    return CompletableFuture.failedFuture(new TransportException.Refused(reason));
  }

  /** Ends a request here, whatever has come of it. */
  public CompletableFuture<Head.Closed> close(Head.Close close) {
    return sequences.close(close.request(), close.attempt());
  }

  /** Takes in a step; the answer is the sender's credit. */
  public CompletableFuture<Head.Ack> step(Head.Step step, List<ByteBuffer> body) {
    return steps.step(step, body);
  }

  /** The first stage hears of a drawn token and makes the next step of it. */
  public void sampled(Head.Sampled sampled) {
    steps.sampled(sampled);
  }

  /** Lets go of what belongs to nodes that are gone. */
  public void membersChanged(View newView) {
    view = newView;
    sequences.closeUnless(node -> view.member(node).isPresent());
    shards.retainHolders(node -> view.member(node).isPresent(), this::inUse);
  }

  /** Whether no sequence is open. */
  public boolean isIdle() {
    return sequences.all().isEmpty();
  }

  /**
   * What this node has to do as a stage.
   *
   * @param requests of its own clients
   */
  public NodeLoad load(int requests) {
    int waiting = sequences.all().stream().mapToInt(StageSequence::waitingSteps).sum();
    return new NodeLoad(
        ledger.budgetBytes(), ledger.reservedBytes(), sequences.all().size(), waiting, requests);
  }

  /**
   * Hands what is open back to its entries, which go on elsewhere; then closes all sequences, and
   * all shards; takes nothing new. Completes once the engine may be closed.
   */
  public CompletableFuture<Void> close() {
    sequences.all().forEach(sequence -> relay.interrupted(sequence, "the node is leaving"));
    leftovers.close();
    return sequences.closeAll().thenCompose(nothing -> closeShards());
  }
}
