package dev.brigade.cluster.stage;

import dev.brigade.cluster.ModelLibrary;
import dev.brigade.cluster.runtime.Messenger;
import dev.brigade.cluster.runtime.NodeRuntime;
import dev.brigade.cluster.wire.Head;
import dev.brigade.spi.Progress;
import dev.brigade.spi.engine.DType;
import dev.brigade.spi.engine.EngineException;
import dev.brigade.spi.engine.InferenceEngine;
import dev.brigade.spi.engine.InsufficientMemoryException;
import dev.brigade.spi.engine.Sequence;
import dev.brigade.spi.engine.SequenceSpec;
import dev.brigade.spi.engine.Shard;
import dev.brigade.spi.transport.NodeId;
import dev.brigade.spi.transport.TransportException;
import dev.brigade.spi.transport.View;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;

/**
 * This node as a stage: opens sequences, runs steps as they become ready, hands on what comes out,
 * and closes what is over. Whatever goes wrong with a request is told to its entry, which begins a
 * new attempt. Owned by the loop.
 */
public final class StageHost {
  private static final System.Logger LOG = System.getLogger(StageHost.class.getName());

  /** How long a step may be missing before the entry is asked to send it again. */
  private static final Duration GAP_GRACE = Duration.ofSeconds(2);

  private final NodeRuntime runtime;
  private final Messenger messenger;
  private final Duration stepDeadline;
  private final MemoryLedger ledger;
  private final Shards shards;
  private final PassScheduler scheduler;
  private final Map<String, StageSequence> sequences = new LinkedHashMap<>();
  private final Map<String, CompletableFuture<Head.Opened>> opening = new LinkedHashMap<>();
  private final RecentlyClosed recentlyClosed = new RecentlyClosed();

  /**
   * @param memoryBytes what shards and sequences may take together
   * @param stepDeadline for a step to be taken in by the next stage
   * @param progress told how far a shard's loading is, from a background thread
   */
  public StageHost(
      NodeId self,
      NodeRuntime runtime,
      Messenger messenger,
      InferenceEngine engine,
      ModelLibrary library,
      long memoryBytes,
      Duration stepDeadline,
      BiConsumer<Shard, Progress> progress) {
    this.runtime = runtime;
    this.messenger = messenger;
    this.stepDeadline = stepDeadline;
    ledger = new MemoryLedger(memoryBytes - engine.profile().runtimeBytes());
    shards = new Shards(self, runtime, engine, library, ledger, progress);
    scheduler =
        new PassScheduler(runtime, engine.profile().maxSlices(), this::handOn, this::passFailed);
  }

  /** Loads this node's stage of a plan. */
  public CompletableFuture<Head.Placed> place(NodeId holder, Head.Place place) {
    return shards.place(holder, place.plan());
  }

  /** Forgets that a node wants a plan. */
  public void release(NodeId holder, Head.Release release) {
    shards.release(holder, release.plan(), this::inUse);
  }

  private boolean inUse(HostedShard shard) {
    return sequences.values().stream().anyMatch(sequence -> sequence.shard == shard);
  }

  /**
   * Opens a sequence, or lets the one that there is follow a newer attempt.
   *
   * @param ids prompt and answer so far, on the tail only
   */
  public CompletableFuture<Head.Opened> open(NodeId entry, Head.Open open, int[] ids) {
    String request = open.request();
    if (recentlyClosed.contains(request, open.attempt())) {
      return refused("attempt " + open.attempt() + " of request " + request + " is over");
    }
    CompletableFuture<Head.Opened> before = opening.get(request);
    if (before != null) {
      return before.handle((opened, failure) -> open(entry, open, ids)).thenCompose(s -> s);
    }
    StageSequence sequence = sequences.get(request);
    if (sequence != null && sequence.shard.plan.id().equals(open.plan())) {
      return follow(sequence, open, ids);
    }
    if (sequence != null) {
      // The same request under another plan: what is here of the old one is of no use to the new.
      return close(sequence)
          .handle((closed, failure) -> open(entry, open, ids))
          .thenCompose(s -> s);
    }
    return reserve(entry, open, ids);
  }

  private CompletableFuture<Head.Opened> follow(StageSequence sequence, Head.Open open, int[] ids) {
    if (sequence.isClosing()) {
      return refused("request " + open.request() + " is closing here");
    }
    if (open.attempt() < sequence.attempt()) {
      return refused("attempt " + open.attempt() + " of " + open.request() + " is over");
    }
    if (open.attempt() > sequence.attempt()) {
      sequence.follow(open, tailState(sequence.shard, open, ids));
    }
    return CompletableFuture.completedFuture(new Head.Opened(sequence.length()));
  }

  private static Optional<TailState> tailState(HostedShard shard, Head.Open open, int[] ids) {
    return shard.isTail() ? Optional.of(new TailState(open, ids)) : Optional.empty();
  }

  private CompletableFuture<Head.Opened> reserve(NodeId entry, Head.Open open, int[] ids) {
    Optional<HostedShard> found = shards.find(open.plan());
    if (found.isEmpty() || found.get().loaded().isEmpty()) {
      return refused("plan " + open.plan() + " is not loaded here");
    }
    HostedShard shard = found.get();
    HostedShard.Loaded loaded = shard.loaded().get();
    MemoryLedger.Reservation memory;
    try {
      long bytes = (long) Math.ceil(loaded.kvBytesPerToken() * open.capacity());
      memory = ledger.reserve("a KV cache of " + open.capacity() + " tokens", bytes);
    } catch (InsufficientMemoryException e) {
      return CompletableFuture.failedFuture(e);
    }
    CompletableFuture<Head.Opened> result = new CompletableFuture<>();
    opening.put(open.request(), result);
    runtime
        .engine()
        .execute(
            () -> {
              try {
                Sequence cache =
                    loaded.shard().open(new SequenceSpec(open.capacity(), open.promptLength()));
                runtime.loop().execute(() -> opened(entry, shard, cache, memory, open, ids));
              } catch (EngineException | RuntimeException e) {
                runtime
                    .loop()
                    .execute(
                        () -> {
                          memory.release();
                          opening.remove(open.request());
                          result.completeExceptionally(e);
                        });
              }
            });
    return result;
  }

  private void opened(
      NodeId entry,
      HostedShard shard,
      Sequence cache,
      MemoryLedger.Reservation memory,
      Head.Open open,
      int[] ids) {
    CompletableFuture<Head.Opened> result = opening.remove(open.request());
    StageSequence sequence =
        new StageSequence(entry, shard, cache, memory, open, tailState(shard, open, ids));
    sequences.put(open.request(), sequence);
    if (recentlyClosed.contains(open.request(), open.attempt())) {
      // It was closed while the engine was opening it.
      close(sequence);
      result.completeExceptionally(
          new TransportException.Refused("request " + open.request() + " is over"));
      return;
    }
    result.complete(new Head.Opened(0));
  }

  private static <A> CompletableFuture<A> refused(String reason) {
    return CompletableFuture.failedFuture(new TransportException.Refused(reason));
  }

  /** Ends a request here, whatever has come of it. */
  public CompletableFuture<Head.Closed> close(Head.Close close) {
    recentlyClosed.add(close.request(), close.attempt());
    StageSequence sequence = sequences.get(close.request());
    return sequence == null || sequence.attempt() > close.attempt()
        ? CompletableFuture.completedFuture(new Head.Closed(0, 0))
        : close(sequence);
  }

  private CompletableFuture<Head.Closed> close(StageSequence sequence) {
    boolean first = !sequence.isClosing();
    CompletableFuture<Head.Closed> closed = sequence.close();
    if (first && !sequence.isRunning()) {
      free(sequence, closed);
    }
    return closed.copy();
  }

  private void free(StageSequence sequence, CompletableFuture<Head.Closed> closed) {
    runtime
        .engine()
        .execute(
            () -> {
              sequence.cache.close();
              runtime
                  .loop()
                  .execute(
                      () -> {
                        sequence.memory.release();
                        sequences.remove(sequence.request, sequence);
                        shards.unloadUnwanted(this::inUse);
                        closed.complete(sequence.summary());
                      });
            });
  }

  /** Takes in a step; the answer is the sender's credit. */
  public CompletableFuture<Head.Ack> step(Head.Step step, List<ByteBuffer> body) {
    StageSequence sequence = sequences.get(step.request());
    if (sequence == null) {
      return recentlyClosed.contains(step.request(), step.attempt())
          ? CompletableFuture.completedFuture(new Head.Ack())
          : refused("request " + step.request() + " is not open here");
    }
    if (!fits(sequence.shard, step, body)) {
      return refused("a step of " + step.rows() + " rows has a body of another size");
    }
    QueuedStep queued = new QueuedStep(step, body, new CompletableFuture<>());
    if (sequence.accept(queued)) {
      scheduler.run(sequences.values());
      if (sequence.hasGap()) {
        watchGap(sequence);
      }
    }
    return queued.credit().thenApply(nothing -> new Head.Ack());
  }

  private static boolean fits(HostedShard shard, Head.Step step, List<ByteBuffer> body) {
    if (shard.loaded().isEmpty() || (step.type() == DType.I32) != shard.isFirst()) {
      return false;
    }
    long width = shard.isFirst() ? 1 : shard.loaded().get().model().shape().width();
    long bytes = body.stream().mapToLong(ByteBuffer::remaining).sum();
    return bytes == width * step.rows() * step.type().bytes();
  }

  private void watchGap(StageSequence sequence) {
    int attempt = sequence.attempt();
    int length = sequence.length();
    runtime
        .timer()
        .schedule(
            GAP_GRACE,
            () -> {
              boolean same = sequence.attempt() == attempt && sequence.length() == length;
              if (same && sequence.hasGap() && !sequence.isClosing()) {
                interrupted(sequence, "missing(" + length + ")");
              }
            });
  }

  /** The first stage hears of a drawn token and makes the next step of it. */
  public void sampled(Head.Sampled sampled) {
    StageSequence sequence = sequences.get(sampled.request());
    if (sampled.last()
        || sequence == null
        || sequence.attempt() != sampled.attempt()
        || !sequence.shard.isFirst()) {
      return;
    }
    ByteBuffer id = ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    id.putInt(0, sampled.id());
    Head.Step step =
        new Head.Step(
            sampled.request(),
            sampled.attempt(),
            sampled.position(),
            sampled.position(),
            1,
            1,
            DType.I32);
    step(step, List.of(id));
  }

  /** What a pass has given goes on: to the next stage, or as a token to entry and first stage. */
  private void handOn(StageSequence sequence, Head.Step step, StagePass.Outcome outcome) {
    if (sequence.isClosing()) {
      free(sequence, sequence.close());
    } else if (step.attempt() == sequence.attempt()) {
      if (outcome.token().isPresent()) {
        drawn(sequence, step, outcome);
      } else if (!sequence.shard.isTail()) {
        forward(sequence, step, outcome.rows().orElseThrow());
      }
      if (sequence.hasGap()) {
        watchGap(sequence);
      }
    }
    scheduler.run(sequences.values());
  }

  private void forward(StageSequence sequence, Head.Step step, ByteBuffer rows) {
    Head.Step next =
        new Head.Step(
            step.request(),
            step.attempt(),
            step.from(),
            step.start(),
            step.rows(),
            step.outputs(),
            sequence.shard.stage().output());
    NodeId to = sequence.shard.next().node();
    messenger
        .sendUntilAnswered(to, next, List.of(rows), stepDeadline, 3, Head.Ack.class)
        .whenComplete(
            (ack, failure) -> {
              if (failure != null && step.attempt() == sequence.attempt()) {
                interrupted(sequence, "next stage: " + Messenger.unwrap(failure).getMessage());
              }
            });
  }

  private void drawn(StageSequence sequence, Head.Step step, StagePass.Outcome outcome) {
    int position = step.end();
    int id = outcome.token().getAsInt();
    TailState tail = sequence.tail().orElseThrow();
    tail.drawn(position, id);
    boolean last = tail.isLast(position, id);
    Head.Sampled sampled = new Head.Sampled(step.request(), step.attempt(), position, id, last);
    NodeId head = sequence.shard.head();
    if (!last && !head.equals(sequence.entry)) {
      tell(sequence, head, sampled, List.of());
    }
    tell(sequence, sequence.entry, sampled, outcome.rows().stream().toList());
  }

  private void tell(
      StageSequence sequence, NodeId to, Head.Sampled sampled, List<ByteBuffer> body) {
    messenger
        .sendUntilAnswered(to, sampled, body, stepDeadline, 3, Head.Ack.class)
        .whenComplete(
            (ack, failure) -> {
              if (failure != null && sampled.attempt() == sequence.attempt()) {
                interrupted(
                    sequence, "cannot tell a token: " + Messenger.unwrap(failure).getMessage());
              }
            });
  }

  private void passFailed(StageSequence sequence, int kept, String reason) {
    sequence.failed(kept);
    if (sequence.isClosing()) {
      free(sequence, sequence.close());
    } else {
      interrupted(sequence, reason);
    }
    scheduler.run(sequences.values());
  }

  private void interrupted(StageSequence sequence, String reason) {
    if (sequence.isClosing()) {
      return;
    }
    LOG.log(
        System.Logger.Level.WARNING,
        "request {0} attempt {1} is interrupted at {2}: {3}",
        sequence.request,
        sequence.attempt(),
        sequence.length(),
        reason);
    Head.Interrupted head =
        new Head.Interrupted(sequence.request, sequence.attempt(), sequence.length(), reason);
    messenger.sendUntilAnswered(sequence.entry, head, List.of(), stepDeadline, 3, Head.Ack.class);
  }

  /** Lets go of what belongs to nodes that are gone. */
  public void membersChanged(View view) {
    for (StageSequence sequence : new ArrayList<>(sequences.values())) {
      if (view.member(sequence.entry).isEmpty()) {
        recentlyClosed.add(sequence.request, Integer.MAX_VALUE);
        close(sequence);
      }
    }
    shards.retainHolders(node -> view.member(node).isPresent(), this::inUse);
  }

  /** Closes all sequences, then all shards. */
  public void close() {
    new ArrayList<>(sequences.values()).forEach(this::close);
    shards.close();
  }

  /** Bytes promised to shards and sequences. */
  public long reservedBytes() {
    return ledger.reservedBytes();
  }

  /** Sequences that are open. */
  public int openSequences() {
    return sequences.size();
  }
}
