package dev.brigade.cluster.stage;

import dev.brigade.cluster.observe.LogFields;
import dev.brigade.cluster.observe.NodeObserver;
import dev.brigade.cluster.observe.RequestLog;
import dev.brigade.cluster.observe.StageMeasure;
import dev.brigade.cluster.runtime.Messenger;
import dev.brigade.cluster.wire.Head;
import dev.brigade.spi.transport.NodeId;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * Hands on what a stage has computed: hidden states to the next stage, tokens to the entry and the
 * first stage. What cannot be handed on is told to the entry. Owned by the loop.
 */
final class Relay {
  private static final int TRIES = 3;

  private final Messenger messenger;
  private final Duration deadline;
  private final Clock clock;
  private final NodeObserver observer;
  private final RequestLog log;

  /**
   * @param deadline for a message to be taken in, its turn in the receiver's queue included
   */
  Relay(
      Messenger messenger, Duration deadline, Clock clock, NodeObserver observer, RequestLog log) {
    this.log = log;
    this.messenger = messenger;
    this.deadline = deadline;
    this.clock = clock;
    this.observer = observer;
  }

  /** Hidden states go to the next stage, under the positions that they have. */
  void forward(StageSequence sequence, Head.Step step, ByteBuffer rows) {
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
    Instant begin = clock.instant();
    messenger
        .sendUntilAnswered(to, next, List.of(rows), deadline, TRIES, Head.Ack.class)
        .whenComplete(
            (ack, failure) -> {
              if (failure == null) {
                Duration took = Duration.between(begin, clock.instant());
                observer.measured(
                    new StageMeasure.HandedOn(
                        sequence.shard.plan, sequence.shard.index, rows.remaining(), took));
              } else if (step.attempt() == sequence.attempt()) {
                interrupted(sequence, "next stage: ", failure);
              }
            });
  }

  /** A drawn token goes to the entry, and to the first stage if another is to follow it. */
  void drawn(StageSequence sequence, Head.Step step, StagePass.Outcome outcome) {
    int position = step.end();
    int id = outcome.token().orElseThrow();
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
        .sendUntilAnswered(to, sampled, body, deadline, TRIES, Head.Ack.class)
        .whenComplete(
            (ack, failure) -> {
              if (failure != null && sampled.attempt() == sequence.attempt()) {
                interrupted(sequence, "cannot tell a token: ", failure);
              }
            });
  }

  private void interrupted(StageSequence sequence, String what, Throwable failure) {
    Throwable cause = Messenger.unwrap(failure);
    interrupted(
        sequence, what + cause.getMessage(), Messenger.unreachable(cause).stream().toList());
  }

  /** The entry hears that this stage cannot go on with the attempt. */
  void interrupted(StageSequence sequence, String reason) {
    interrupted(sequence, reason, List.of());
  }

  private void interrupted(StageSequence sequence, String reason, List<NodeId> unreachable) {
    if (sequence.isClosing()) {
      return;
    }
    log.warning(
        sequence.request,
        "interrupted",
        LogFields.none()
            .with("attempt", sequence.attempt())
            .with("stage", sequence.shard.index)
            .with("tokens", sequence.length())
            .with("reason", reason));
    Head.Interrupted head =
        new Head.Interrupted(
            sequence.request, sequence.attempt(), sequence.length(), reason, unreachable);
    messenger.sendUntilAnswered(sequence.entry, head, List.of(), deadline, TRIES, Head.Ack.class);
  }
}
