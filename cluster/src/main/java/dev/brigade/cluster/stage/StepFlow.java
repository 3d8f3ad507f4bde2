package dev.brigade.cluster.stage;

import dev.brigade.cluster.observe.NodeObserver;
import dev.brigade.cluster.runtime.NodeRuntime;
import dev.brigade.cluster.wire.Head;
import dev.brigade.spi.engine.DType;
import dev.brigade.spi.transport.TransportException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * The way of steps through this node: taken in, run in passes as they become ready, handed on.
 * Whatever goes wrong is told to the request's entry. Owned by the loop.
 */
final class StepFlow {
  /** How long a step may be missing before the entry is asked to send it again. */
  private static final Duration GAP_GRACE = Duration.ofSeconds(2);

  private final NodeRuntime runtime;
  private final Relay relay;
  private final Sequences sequences;
  private final PassScheduler scheduler;

  /**
   * @param maxSlices steps that the engine takes in one pass
   */
  StepFlow(
      NodeRuntime runtime, Relay relay, Sequences sequences, int maxSlices, NodeObserver observer) {
    this.runtime = runtime;
    this.relay = relay;
    this.sequences = sequences;
    scheduler = new PassScheduler(runtime, maxSlices, this::handOn, this::passFailed, observer);
  }

  /** Takes in a step; the answer is the sender's credit. */
  CompletableFuture<Head.Ack> step(Head.Step step, List<ByteBuffer> body) {
    Optional<StageSequence> found = sequences.find(step.request());
    if (found.isEmpty()) {
      return sequences.isOver(step.request(), step.attempt())
          ? CompletableFuture.completedFuture(new Head.Ack())
          : refused("request " + step.request() + " is not open here");
    }
    StageSequence sequence = found.get();
    if (!fits(sequence.shard, step, body)) {
      return refused("a step of " + step.rows() + " rows has a body of another size");
    }
    QueuedStep queued =
        new QueuedStep(step, body, runtime.clock().instant(), new CompletableFuture<>());
    if (sequence.accept(queued)) {
      scheduler.run(sequences.all());
      watchGap(sequence);
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

  /** Steps may overtake each other; one that stays away is missing. */
  private void watchGap(StageSequence sequence) {
    if (!sequence.hasGap()) {
      return;
    }
    int attempt = sequence.attempt();
    int length = sequence.length();
    runtime
        .timer()
        .schedule(
            GAP_GRACE,
            () -> {
              if (sequence.attempt() == attempt
                  && sequence.length() == length
                  && sequence.hasGap()) {
                relay.interrupted(sequence, "missing(" + length + ")");
              }
            });
  }

  /** The first stage hears of a drawn token and makes the next step of it. */
  void sampled(Head.Sampled sampled) {
    boolean mine =
        sequences
            .find(sampled.request())
            .filter(sequence -> sequence.attempt() == sampled.attempt())
            .filter(sequence -> sequence.shard.isFirst())
            .isPresent();
    if (!mine || sampled.last()) {
      return;
    }
    ByteBuffer id = ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    id.putInt(0, sampled.id());
    int position = sampled.position();
    Head.Step step =
        new Head.Step(sampled.request(), sampled.attempt(), position, position, 1, 1, DType.I32);
    step(step, List.of(id));
  }

  private void handOn(StageSequence sequence, Head.Step step, StagePass.Outcome outcome) {
    if (sequence.isClosing()) {
      sequences.free(sequence);
    } else if (step.attempt() == sequence.attempt()) {
      if (outcome.token().isPresent()) {
        relay.drawn(sequence, step, outcome);
      } else if (!sequence.shard.isTail()) {
        relay.forward(sequence, step, outcome.rows().orElseThrow());
      }
      watchGap(sequence);
    }
    scheduler.run(sequences.all());
  }

  private void passFailed(StageSequence sequence, int kept, String reason) {
    sequence.failed(kept);
    if (sequence.isClosing()) {
      sequences.free(sequence);
    } else {
      relay.interrupted(sequence, reason);
    }
    scheduler.run(sequences.all());
  }

  private static <A> CompletableFuture<A> refused(String reason) {
    return CompletableFuture.failedFuture(new TransportException.Refused(reason));
  }
}
