package dev.brigade.cluster.generation;

import dev.brigade.cluster.RequestException;
import dev.brigade.cluster.ServedModel;
import dev.brigade.cluster.plan.PlacedPlan;
import dev.brigade.cluster.runtime.Messenger;
import dev.brigade.cluster.wire.Head;
import dev.brigade.spi.partition.Demand;
import dev.brigade.spi.partition.Plan;
import dev.brigade.spi.transport.NodeId;
import dev.brigade.spi.transport.View;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * A request from its entry's side: takes a plan, opens the sequence on its stages, sends the
 * prompt, collects the tokens. Whenever that breaks – a stage is lost, a message is missing,
 * nothing moves – it begins a new attempt that replays the tokens it has, on the same plan or the
 * next. Owned by the loop.
 */
public final class GenerationRun implements Generation {
  private final String id;
  private final GenerationRequest request;
  private final ServedModel model;
  private final Demand demand;
  private final EntryParts parts;
  private final Telling telling;
  private final Runnable onEnd;
  private final Answer answer;
  private final AnswerStream stream;
  private final StallWatch stall;
  private final Attempts attempts = new Attempts();
  private final Pipelines pipelines = new Pipelines();

  /** Whether all stages have been open once. */
  private boolean begun;

  private boolean ended;

  /**
   * @param listener told of all that follows
   * @param onEnd run when the last event has been told
   */
  public GenerationRun(
      String id,
      GenerationRequest request,
      ServedModel model,
      Demand demand,
      EntryParts parts,
      Consumer<GenerationEvent> listener,
      Runnable onEnd) {
    this.id = id;
    this.request = request;
    this.model = model;
    this.demand = demand;
    this.parts = parts;
    this.onEnd = onEnd;
    this.telling = new Telling(id, request, listener, parts.observer(), parts.log());
    this.answer = new Answer(request, model, request.limit(model.shape()));
    this.stream = new AnswerStream(answer, telling, attempts, parts.runtime().clock());
    this.stall = new StallWatch(parts.runtime().timer(), parts.deadlines().stall());
  }

  @Override
  public String id() {
    return id;
  }

  /** Begins; all that follows is told to the listener. */
  public void start() {
    telling.admitted();
    try {
      request.check(model.shape());
      acquire();
    } catch (RequestException e) {
      fail(e);
    }
  }

  private void acquire() {
    int mine = attempts.current();
    plan()
        .whenComplete(
            (placed, failure) -> {
              if (ended || attempts.current() != mine) {
                return;
              }
              if (failure == null) {
                open(placed);
              } else if (Messenger.unwrap(failure) instanceof RequestException known) {
                refused(known);
              } else {
                recover("no plan: " + failure.getMessage());
              }
            });
  }

  private CompletableFuture<PlacedPlan> plan() {
    CompletableFuture<PlacedPlan> plan = parts.placements().ready(model, demand);
    // What has begun goes on with what there is.
    return request.standby() && !begun
        ? plan.thenCompose(placed -> parts.placements().standby(model, demand))
            .thenCompose(there -> parts.placements().ready(model, demand))
        : plan;
  }

  private void open(PlacedPlan placed) {
    parts.placements().started(placed.plan());
    Pipeline opening =
        new Pipeline(parts.messenger(), parts.deadlines(), placed, id, attempts.current());
    pipelines.use(opening);
    Head.Open open =
        new Head.Open(
            id,
            attempts.current(),
            placed.plan().id(),
            answer.limit(),
            answer.promptLength(),
            request.sampling(),
            answer.eos(),
            answer.limit(),
            request.promptLogits() && !stream.hasToken());
    moved();
    opening
        .open(open, answer.ids(0, answer.length()))
        .whenComplete(
            (held, failure) -> {
              if (!isCurrent(opening)) {
                return;
              }
              if (failure == null) {
                begun = true;
                telling.planned(placed, attempts.current());
                pipelines.closeLeft();
                replay(opening, held);
              } else {
                openFailed(opening, Messenger.unwrap(failure));
              }
            });
  }

  private void openFailed(Pipeline opening, Throwable failure) {
    if (!(failure instanceof Pipeline.StageFailed failed
        && failed.getCause() instanceof RequestException known)) {
      noteUnreachable(failure);
      recover("a stage did not open: " + failure.getMessage());
      return;
    }
    Plan plan = opening.placed().plan();
    switch (known.kind()) {
      case UNAVAILABLE -> {
        parts.placements().invalidate(plan, failed.node());
        recover("a stage did not open: " + failed.getMessage());
      }
      case OUT_OF_MEMORY -> {
        Optional<CompletableFuture<Void>> room =
            request.standby() ? Optional.empty() : parts.placements().standbyGivesWay(plan);
        room.ifPresentOrElse(freed -> freed.thenRun(() -> again(opening)), () -> refused(known));
      }
      default -> fail(known);
    }
  }

  private void again(Pipeline opening) {
    if (isCurrent(opening)) {
      recover("there was no room beside the standby, which has given way");
    }
  }

  /** What has begun waits a while for memory: nodes come back, and other requests end. */
  private void refused(RequestException cause) {
    boolean again =
        switch (cause.kind()) {
          case OUT_OF_MEMORY -> attempts.recoveries() > 0 && (begun || !request.standby());
          case UNAVAILABLE -> request.standby() && !begun;
          default -> false;
        };
    if (again) {
      recover(cause.getMessage(), cause);
    } else {
      fail(cause);
    }
  }

  /** The transport may know before the membership does, or all of the others reach the node. */
  private void noteUnreachable(Throwable failure) {
    Throwable cause = failure instanceof Pipeline.StageFailed ? failure.getCause() : failure;
    Messenger.unreachable(cause)
        .ifPresent(node -> parts.placements().unreachable(parts.self(), node));
  }

  private void replay(Pipeline opened, int held) {
    // The last token is always run again: it is what gives the next one.
    int from = Math.min(held, answer.length() - 1);
    stream.sent();
    opened
        .send(answer.ids(from, answer.length()), from, model.shape().width(), this::moved)
        .whenComplete(
            (sent, failure) -> {
              if (failure != null && isCurrent(opened)) {
                Throwable cause = Messenger.unwrap(failure);
                noteUnreachable(cause);
                recover("the first stage: " + cause.getMessage());
              }
            });
  }

  private boolean isCurrent(Pipeline candidate) {
    return !ended && pipelines.isCurrent(candidate);
  }

  /** The tail has drawn a token. */
  public void sampled(Head.Sampled sampled, List<ByteBuffer> body) {
    if (!ended && sampled.attempt() == attempts.current() && stream.take(sampled, body)) {
      moved();
      answer.finished().ifPresent(this::finish);
    }
  }

  /** A stage cannot go on. */
  public void interrupted(NodeId from, Head.Interrupted interrupted) {
    if (!ended && interrupted.attempt() == attempts.current()) {
      interrupted.unreachable().forEach(node -> parts.placements().unreachable(from, node));
      recover(interrupted.reason());
    }
  }

  /** A stage of the plan may be gone. */
  public void viewChanged(View view) {
    Optional<Plan> broken =
        pipelines
            .current()
            .map(pipeline -> pipeline.placed().plan())
            .filter(
                plan ->
                    plan.stages().stream().anyMatch(stage -> view.member(stage.node()).isEmpty()));
    if (!ended && broken.isPresent()) {
      recover("a stage of plan " + broken.get().id() + " is lost");
    }
  }

  private void recover(String reason) {
    recover(
        reason,
        new RequestException(
            RequestException.Kind.UNAVAILABLE,
            "gave up after %d attempts without a token; the last failed because %s"
                .formatted(Attempts.MAX_FRUITLESS, reason)));
  }

  /**
   * Begins a new attempt.
   *
   * @param last told to the client if there have been enough
   */
  private void recover(String reason, RequestException last) {
    Optional<Duration> delay = attempts.next();
    telling.recovering(attempts.current(), answer.length(), reason);
    if (delay.isEmpty()) {
      fail(last);
      return;
    }
    stream.restart();
    stall.stop();
    leave();
    int mine = attempts.current();
    parts
        .runtime()
        .timer()
        .schedule(
            delay.get(),
            () -> {
              if (!ended && attempts.current() == mine) {
                acquire();
              }
            });
  }

  private void leave() {
    pipelines.leave().ifPresent(old -> parts.placements().ended(old.placed().plan()));
  }

  private void moved() {
    int mine = attempts.current();
    stall.moved(
        () -> {
          if (!ended && attempts.current() == mine) {
            recover("nothing has moved for " + stall.limit().toSeconds() + " s");
          }
        });
  }

  @Override
  public void cancel() {
    parts
        .runtime()
        .loop()
        .execute(
            () -> {
              if (!ended) {
                finish(FinishReason.CANCELLED);
              }
            });
  }

  private void finish(FinishReason reason) {
    end(timings -> telling.finished(answer, reason, stream.usage(timings)));
  }

  /** Ends it without an answer. */
  public void fail(RequestException cause) {
    if (!ended) {
      end(timings -> telling.failed(cause, answer.length() - answer.promptLength()));
    }
  }

  private void end(Consumer<List<StageTiming>> tell) {
    ended = true;
    stall.stop();
    CompletableFuture<List<StageTiming>> closed = pipelines.closeAll();
    leave();
    closed.thenAccept(
        timings -> {
          tell.accept(timings);
          onEnd.run();
        });
  }
}
