package dev.brigade.cluster.stage;

import dev.brigade.cluster.wire.Head;
import dev.brigade.spi.engine.Sequence;
import dev.brigade.spi.transport.NodeId;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/**
 * One request on one stage: which attempt it follows, what is in its cache, and which steps wait.
 * Steps may come out of order and twice; they run in order and once. Owned by the loop, but for the
 * {@link Sequence}, which is the engine thread's.
 */
final class StageSequence {
  /** Steps that may wait without holding back the sender's credit. */
  private static final int ROOM = 2;

  final String request;
  final NodeId entry;
  final HostedShard shard;
  final Sequence cache;
  final MemoryLedger.Reservation memory;
  private final TreeMap<Integer, QueuedStep> waiting = new TreeMap<>();
  private Head.Open open;
  private Optional<TailState> tail;

  /** Positions that this attempt has run, or inherited. */
  private int length;

  /**
   * Positions in the engine's cache; beyond {@code length} they are forgotten before the next pass.
   */
  private int cached;

  private boolean rewound;
  private boolean running;
  private int steps;
  private long computeNanos;
  private Optional<CompletableFuture<Head.Closed>> closing = Optional.empty();

  StageSequence(
      NodeId entry,
      HostedShard shard,
      Sequence cache,
      MemoryLedger.Reservation memory,
      Head.Open open,
      Optional<TailState> tail) {
    this.request = open.request();
    this.entry = entry;
    this.shard = shard;
    this.cache = cache;
    this.memory = memory;
    this.open = open;
    this.tail = tail;
  }

  Head.Open open() {
    return open;
  }

  int attempt() {
    return open.attempt();
  }

  Optional<TailState> tail() {
    return tail;
  }

  /** Tokens held and run, in the attempt that is followed. */
  int length() {
    return length;
  }

  /** Whether the cache holds more than this attempt has run. */
  boolean mustTruncate() {
    return cached > length;
  }

  boolean isRunning() {
    return running;
  }

  boolean isClosing() {
    return closing.isPresent();
  }

  /** Follows a newer attempt: what waits for the old one is dropped, what is cached stays. */
  void follow(Head.Open newer, Optional<TailState> newTail) {
    open = newer;
    tail = newTail;
    rewound = false;
    dropWaiting();
  }

  private void dropWaiting() {
    waiting.values().forEach(step -> step.credit().complete(null));
    waiting.clear();
  }

  /**
   * Takes a step in.
   *
   * @return whether it is a new one
   */
  boolean accept(QueuedStep queued) {
    Head.Step step = queued.step();
    boolean current = step.attempt() == attempt() && !isClosing();
    if (current && !rewound) {
      length = Math.min(length, step.from());
      rewound = true;
    }
    if (!current || step.start() < length || waiting.containsKey(step.start())) {
      queued.credit().complete(null);
      return false;
    }
    waiting.put(step.start(), queued);
    if (waiting.size() <= ROOM) {
      queued.credit().complete(null);
    }
    return true;
  }

  /** The step that can run now. */
  Optional<QueuedStep> ready() {
    return running || isClosing() ? Optional.empty() : Optional.ofNullable(waiting.get(length));
  }

  int waitingSteps() {
    return waiting.size();
  }

  /** Whether steps wait for one that has not come. */
  boolean hasGap() {
    return !running && !waiting.isEmpty() && !waiting.containsKey(length);
  }

  /** Takes the ready step out to run it. */
  QueuedStep start() {
    running = true;
    QueuedStep step = waiting.remove(length);
    step.credit().complete(null);
    waiting.values().stream().limit(ROOM).forEach(next -> next.credit().complete(null));
    return step;
  }

  /** The pass with this step has ended well. */
  void finished(Head.Step step, long nanos) {
    running = false;
    steps++;
    computeNanos += nanos;
    cached = step.end();
    // A newer attempt may have come meanwhile; once it has said where it begins, that stands.
    if (step.attempt() == attempt() || !rewound) {
      length = cached;
    }
  }

  /** The pass has failed, and the cache holds this much. */
  void failed(int kept) {
    running = false;
    cached = kept;
    length = Math.min(length, kept);
  }

  /** Ends it once nothing runs any more; all who ask get the same answer. */
  CompletableFuture<Head.Closed> close() {
    dropWaiting();
    closing = Optional.of(closing.orElseGet(CompletableFuture::new));
    return closing.get();
  }

  Head.Closed summary() {
    return new Head.Closed(steps, computeNanos);
  }
}
