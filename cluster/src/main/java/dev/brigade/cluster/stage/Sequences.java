package dev.brigade.cluster.stage;

import dev.brigade.cluster.runtime.NodeRuntime;
import dev.brigade.cluster.wire.Head;
import dev.brigade.spi.engine.EngineException;
import dev.brigade.spi.engine.InsufficientMemoryException;
import dev.brigade.spi.engine.Sequence;
import dev.brigade.spi.engine.SequenceSpec;
import dev.brigade.spi.transport.NodeId;
import dev.brigade.spi.transport.TransportException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;

/**
 * The sequences that are open on this node. Opens and frees them on the engine's thread, with their
 * memory counted. Owned by the loop.
 */
final class Sequences {
  private final NodeRuntime runtime;
  private final MemoryLedger ledger;
  private final SequenceLog log;
  private final Runnable freed;
  private final Map<String, StageSequence> open = new LinkedHashMap<>();
  private final Map<String, CompletableFuture<Head.Opened>> opening = new LinkedHashMap<>();
  private final RecentlyClosed recentlyClosed = new RecentlyClosed();
  private boolean closed;

  /**
   * @param freed run whenever a sequence is gone
   */
  Sequences(NodeRuntime runtime, MemoryLedger ledger, SequenceLog log, Runnable freed) {
    this.runtime = runtime;
    this.ledger = ledger;
    this.log = log;
    this.freed = freed;
  }

  Optional<StageSequence> find(String request) {
    return Optional.ofNullable(open.get(request));
  }

  Collection<StageSequence> all() {
    return List.copyOf(open.values());
  }

  boolean isOver(String request, int attempt) {
    return closed || recentlyClosed.contains(request, attempt);
  }

  boolean useShard(HostedShard shard) {
    return open.values().stream().anyMatch(sequence -> sequence.shard == shard);
  }

  /**
   * Opens a sequence on a shard, or lets the one that there is follow a newer attempt.
   *
   * @param ids prompt and answer so far; of use on the tail only
   */
  CompletableFuture<Head.Opened> open(
      NodeId entry, HostedShard shard, Head.Open request, int[] ids) {
    CompletableFuture<Head.Opened> before = opening.get(request.request());
    if (before != null) {
      return before
          .handle((opened, failure) -> open(entry, shard, request, ids))
          .thenCompose(stage -> stage);
    }
    Optional<StageSequence> found = find(request.request());
    boolean over = isOver(request.request(), request.attempt());
    if (over || found.isPresent() && found.get().attempt() > request.attempt()) {
      return refused(
          "attempt %d of request %s is over".formatted(request.attempt(), request.request()));
    }
    if (found.isEmpty()) {
      return reserve(entry, shard, request, ids);
    }
    StageSequence sequence = found.get();
    if (sequence.shard == shard && !sequence.isClosing()) {
      if (sequence.attempt() < request.attempt()) {
        sequence.follow(request, tailState(shard, request, ids));
        log.followed(sequence);
      }
      return CompletableFuture.completedFuture(new Head.Opened(sequence.length()));
    }
    // The same request under another plan: what is here of the old one is of no use to the new.
    return close(sequence)
        .handle((closed, failure) -> open(entry, shard, request, ids))
        .thenCompose(stage -> stage);
  }

  private static Optional<TailState> tailState(HostedShard shard, Head.Open open, int[] ids) {
    return shard.isTail() ? Optional.of(new TailState(open, ids)) : Optional.empty();
  }

  private static <A> CompletableFuture<A> refused(String reason) {
    return CompletableFuture.failedFuture(new TransportException.Refused(reason));
  }

  private CompletableFuture<Head.Opened> reserve(
      NodeId entry, HostedShard shard, Head.Open request, int[] ids) {
    Optional<HostedShard.Loaded> loaded = shard.loaded();
    if (loaded.isEmpty()) {
      return refused("plan " + request.plan() + " is not loaded here");
    }
    MemoryLedger.Reservation memory;
    long bytes = (long) Math.ceil(loaded.get().kvBytesPerToken() * request.capacity());
    try {
      memory = ledger.reserve("a KV cache of " + request.capacity() + " tokens", bytes);
    } catch (InsufficientMemoryException e) {
      log.notOpened(shard, request, entry, e);
      return CompletableFuture.failedFuture(e);
    }
    CompletableFuture<Head.Opened> result = new CompletableFuture<>();
    opening.put(request.request(), result);
    SequenceSpec spec = new SequenceSpec(request.capacity(), request.promptLength());
    runtime
        .engine()
        .execute(
            () -> {
              try {
                Sequence cache = loaded.get().shard().open(spec);
                StageSequence sequence =
                    new StageSequence(
                        entry, shard, cache, memory, request, tailState(shard, request, ids));
                runtime.loop().execute(() -> opened(sequence, bytes));
              } catch (EngineException | RuntimeException e) {
                runtime
                    .loop()
                    .execute(
                        () -> {
                          log.notOpened(shard, request, entry, e);
                          notOpened(request, memory, e);
                        });
              }
            });
    return result;
  }

  private void opened(StageSequence sequence, long kvBytes) {
    log.opened(sequence, kvBytes);
    CompletableFuture<Head.Opened> result = opening.remove(sequence.request);
    open.put(sequence.request, sequence);
    if (isOver(sequence.request, sequence.attempt())) {
      // It was closed while the engine was opening it.
      close(sequence);
      result.completeExceptionally(
          new TransportException.Refused("request " + sequence.request + " is over"));
    } else {
      result.complete(new Head.Opened(0));
    }
  }

  private void notOpened(Head.Open request, MemoryLedger.Reservation memory, Exception cause) {
    memory.release();
    opening.remove(request.request()).completeExceptionally(cause);
  }

  /** Ends a request here up to an attempt, and refuses what comes late for it. */
  CompletableFuture<Head.Closed> close(String request, int attempt) {
    recentlyClosed.add(request, attempt);
    return find(request)
        .filter(sequence -> sequence.attempt() <= attempt)
        .map(this::close)
        .orElseGet(() -> CompletableFuture.completedFuture(new Head.Closed(0, 0)));
  }

  private CompletableFuture<Head.Closed> close(StageSequence sequence) {
    boolean first = !sequence.isClosing();
    CompletableFuture<Head.Closed> closed = sequence.close();
    if (first && !sequence.isRunning()) {
      free(sequence);
    }
    return closed.copy();
  }

  /** Frees a sequence that is closing and runs no more. */
  void free(StageSequence sequence) {
    runtime
        .engine()
        .execute(
            () -> {
              sequence.cache.close();
              runtime.loop().execute(() -> gone(sequence));
            });
  }

  private void gone(StageSequence sequence) {
    sequence.memory.release();
    open.remove(sequence.request, sequence);
    log.closed(sequence);
    freed.run();
    sequence.close().complete(sequence.summary());
  }

  /**
   * Ends what belongs to entries that are gone. One that only slept comes back with a new attempt.
   */
  void closeUnless(Predicate<NodeId> isMember) {
    for (StageSequence sequence : all()) {
      if (!isMember.test(sequence.entry)) {
        close(sequence.request, sequence.attempt());
      }
    }
  }

  /** Ends all, those that are still being opened included; opens none from now on. */
  CompletableFuture<Void> closeAll() {
    closed = true;
    List<CompletableFuture<?>> ends = new ArrayList<>();
    all().forEach(sequence -> ends.add(close(sequence)));
    opening.forEach((request, result) -> ends.add(result.handle((opened, failure) -> null)));
    CompletableFuture<Void> settled =
        CompletableFuture.allOf(ends.toArray(CompletableFuture[]::new));
    return settled.thenCompose(
        nothing -> open.isEmpty() ? CompletableFuture.completedFuture(null) : closeAll());
  }
}
