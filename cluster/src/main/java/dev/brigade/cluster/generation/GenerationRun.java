package dev.brigade.cluster.generation;

import dev.brigade.cluster.Deadlines;
import dev.brigade.cluster.RequestException;
import dev.brigade.cluster.ServedModel;
import dev.brigade.cluster.observe.ClusterEvent;
import dev.brigade.cluster.observe.NodeObserver;
import dev.brigade.cluster.plan.PlacedPlan;
import dev.brigade.cluster.plan.Placements;
import dev.brigade.cluster.runtime.Messenger;
import dev.brigade.cluster.runtime.NodeRuntime;
import dev.brigade.cluster.wire.Head;
import dev.brigade.spi.Timer;
import dev.brigade.spi.partition.Demand;
import dev.brigade.spi.partition.Plan;
import dev.brigade.spi.partition.Stage;
import dev.brigade.spi.transport.NodeId;
import dev.brigade.spi.transport.View;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * A request from its entry's side: takes a plan, opens the sequence on its stages, sends the
 * prompt, collects the tokens. Whenever that breaks – a stage is lost, a message is missing,
 * nothing moves – it begins a new attempt that replays the tokens it has, on the same plan or the
 * next. Owned by the loop.
 */
public final class GenerationRun implements Generation {
  private static final System.Logger LOG = System.getLogger(GenerationRun.class.getName());

  private final String id;
  private final NodeId self;
  private final GenerationRequest request;
  private final ServedModel model;
  private final Demand demand;
  private final NodeRuntime runtime;
  private final Messenger messenger;
  private final Placements placements;
  private final Deadlines deadlines;
  private final Consumer<GenerationEvent> listener;
  private final NodeObserver observer;
  private final Runnable onEnd;
  private final Answer answer;
  private final Stopwatch stopwatch;
  private final Attempts attempts = new Attempts();
  private final TreeMap<Integer, Integer> early = new TreeMap<>();
  private final List<Pipeline> left = new ArrayList<>();

  private Optional<Pipeline> pipeline = Optional.empty();
  private Optional<Timer.Scheduled> stall = Optional.empty();
  private boolean ended;

  /**
   * @param onEnd run when the last event has been told
   */
  public GenerationRun(
      String id,
      NodeId self,
      GenerationRequest request,
      ServedModel model,
      Demand demand,
      NodeRuntime runtime,
      Messenger messenger,
      Placements placements,
      Deadlines deadlines,
      Consumer<GenerationEvent> listener,
      NodeObserver observer,
      Runnable onEnd) {
    this.id = id;
    this.self = self;
    this.request = request;
    this.model = model;
    this.demand = demand;
    this.runtime = runtime;
    this.messenger = messenger;
    this.placements = placements;
    this.deadlines = deadlines;
    this.listener = listener;
    this.observer = observer;
    this.onEnd = onEnd;
    this.answer = new Answer(request, model, request.limit(model.shape()));
    this.stopwatch = new Stopwatch(runtime.clock());
  }

  @Override
  public String id() {
    return id;
  }

  /** Begins; all that follows is told to the listener. */
  public void start() {
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
    CompletableFuture<PlacedPlan> plan = placements.ready(model, demand);
    // What has begun goes on with what there is.
    return request.standby() && attempts.recoveries() == 0
        ? plan.thenCompose(placed -> placements.standby(model, demand))
            .thenCompose(there -> placements.ready(model, demand))
        : plan;
  }

  private void open(PlacedPlan placed) {
    placements.started(placed.plan());
    Pipeline opening = new Pipeline(messenger, deadlines, placed, id, attempts.current());
    pipeline = Optional.of(opening);
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
            request.promptLogits() && !stopwatch.hasToken());
    watch();
    opening
        .open(open, answer.ids(0, answer.length()))
        .whenComplete(
            (held, failure) -> {
              if (!isCurrent(opening)) {
                return;
              }
              if (failure == null) {
                listener.accept(new GenerationEvent.Planned(placed.plan(), placed.stages()));
                closeLeft(opening);
                replay(opening, held);
              } else {
                openFailed(opening, Messenger.unwrap(failure));
              }
            });
  }

  private void openFailed(Pipeline opening, Throwable failure) {
    Plan plan = opening.placed().plan();
    String reason = "a stage did not open: " + failure.getMessage();
    RequestException.Kind kind =
        failure instanceof RequestException known
            ? known.kind()
            : RequestException.Kind.UNAVAILABLE;
    switch (kind) {
      case UNAVAILABLE -> {
        if (failure instanceof RequestException) {
          placements.invalidate(plan);
        }
        noteUnreachable(failure);
        recover(reason);
      }
      case OUT_OF_MEMORY -> {
        Optional<CompletableFuture<Void>> room =
            request.standby() ? Optional.empty() : placements.standbyGivesWay(plan);
        room.ifPresentOrElse(
            freed ->
                freed.thenRun(
                    () -> {
                      if (isCurrent(opening)) {
                        recover(reason + "; the standby has given way");
                      }
                    }),
            () -> refused((RequestException) failure));
      }
      default -> fail((RequestException) failure);
    }
  }

  /** What has begun waits a while for memory: nodes come back, and other requests end. */
  private void refused(RequestException cause) {
    if (cause.kind() == RequestException.Kind.OUT_OF_MEMORY && attempts.recoveries() > 0) {
      recover(cause.getMessage(), cause);
    } else {
      fail(cause);
    }
  }

  /** The transport may know before the membership does, or all of the others reach the node. */
  private void noteUnreachable(Throwable failure) {
    Messenger.unreachable(failure).ifPresent(node -> placements.unreachable(self, node));
  }

  private void replay(Pipeline opened, int held) {
    // The last token is always run again: it is what gives the next one.
    int from = Math.min(held, answer.length() - 1);
    stopwatch.promptSent();
    opened
        .send(answer.ids(from, answer.length()), from, model.shape().width(), this::watch)
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
    return !ended && pipeline.isPresent() && pipeline.get() == candidate;
  }

  /** The tail has drawn a token. */
  public void sampled(Head.Sampled sampled, List<ByteBuffer> body) {
    if (ended || sampled.attempt() != attempts.current() || sampled.position() < answer.length()) {
      return;
    }
    if (!stopwatch.hasToken() && sampled.position() == answer.promptLength()) {
      listener.accept(new GenerationEvent.Prefilled(floats(body)));
    }
    early.put(sampled.position(), sampled.id());
    while (!ended && early.containsKey(answer.length())) {
      accept(early.remove(answer.length()));
    }
  }

  private static List<Float> floats(List<ByteBuffer> body) {
    List<Float> values = new ArrayList<>();
    for (ByteBuffer part : body) {
      ByteBuffer bytes = part.duplicate().order(ByteOrder.LITTLE_ENDIAN);
      while (bytes.remaining() >= Float.BYTES) {
        values.add(bytes.getFloat());
      }
    }
    return values;
  }

  private void accept(int token) {
    if (attempts.isRecovering()) {
      observer.event(
          new ClusterEvent.Recovered(id, attempts.current(), stopwatch.sinceLastToken()));
    }
    attempts.fruitful();
    stopwatch.token();
    watch();
    listener.accept(new GenerationEvent.Token(token, answer.add(token)));
    answer.finished().ifPresent(this::finish);
  }

  /** A stage cannot go on. */
  public void interrupted(NodeId from, Head.Interrupted interrupted) {
    if (!ended && interrupted.attempt() == attempts.current()) {
      interrupted.unreachable().forEach(node -> placements.unreachable(from, node));
      recover(interrupted.reason());
    }
  }

  /** A stage of the plan may be gone. */
  public void viewChanged(View view) {
    boolean lost =
        pipeline.isPresent()
            && pipeline.get().stages().stream()
                .anyMatch(stage -> view.member(stage.node()).isEmpty());
    if (!ended && lost) {
      recover("a stage of plan " + pipeline.get().placed().plan().id() + " is lost");
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
    LOG.log(
        System.Logger.Level.WARNING,
        "request {0} begins attempt {1} with {2} tokens: {3}",
        id,
        attempts.current(),
        answer.length(),
        reason);
    observer.event(new ClusterEvent.Recovering(id, attempts.current(), answer.length(), reason));
    if (delay.isEmpty()) {
      fail(last);
      return;
    }
    early.clear();
    stall.ifPresent(Timer.Scheduled::cancel);
    leave();
    int mine = attempts.current();
    runtime
        .timer()
        .schedule(
            delay.get(),
            () -> {
              if (!ended && attempts.current() == mine) {
                acquire();
              }
            });
  }

  /** Stages keep what they have cached until it is known whether the next attempt uses it. */
  private void leave() {
    pipeline.ifPresent(
        old -> {
          pipeline = Optional.empty();
          left.add(old);
          placements.ended(old.placed().plan());
        });
  }

  /** Frees what earlier attempts hold on nodes that this one does not use. */
  private void closeLeft(Pipeline used) {
    for (Pipeline old : left) {
      old.closeExcept(used.stages().stream().map(Stage::node).toList());
    }
    left.clear();
  }

  private void watch() {
    stall.ifPresent(Timer.Scheduled::cancel);
    int mine = attempts.current();
    stall =
        Optional.of(
            runtime
                .timer()
                .schedule(
                    deadlines.stall(),
                    () -> {
                      if (!ended && attempts.current() == mine) {
                        recover("nothing has moved for " + deadlines.stall().toSeconds() + " s");
                      }
                    }));
  }

  @Override
  public void cancel() {
    runtime
        .loop()
        .execute(
            () -> {
              if (!ended) {
                finish(FinishReason.CANCELLED);
              }
            });
  }

  private void finish(FinishReason reason) {
    end(
        timings -> {
          Usage usage = usage(timings);
          listener.accept(
              new GenerationEvent.Finished(answer.rest(), reason, answer.tokens(), usage));
          observer.event(new ClusterEvent.Answered(id, request.model(), reason, usage));
        });
  }

  /** Ends it without an answer. */
  public void fail(RequestException cause) {
    if (!ended) {
      LOG.log(level(cause.kind()), "request {0} failed: {1}", id, cause.getMessage());
      end(
          timings -> {
            listener.accept(new GenerationEvent.Failed(cause));
            observer.event(
                new ClusterEvent.Failed(id, request.model(), cause.kind(), cause.getMessage()));
          });
    }
  }

  /** The client is told anyway; the operator hears of what is the cluster's own trouble. */
  private static System.Logger.Level level(RequestException.Kind kind) {
    return switch (kind) {
      case UNAVAILABLE, INTERNAL -> System.Logger.Level.WARNING;
      default -> System.Logger.Level.DEBUG;
    };
  }

  private void end(Consumer<List<StageTiming>> tell) {
    ended = true;
    stall.ifPresent(Timer.Scheduled::cancel);
    Optional<Pipeline> last = pipeline;
    leave();
    for (Pipeline old : left) {
      if (last.isEmpty() || old != last.get()) {
        old.close();
      }
    }
    if (last.isEmpty()) {
      tell.accept(List.of());
      onEnd.run();
    } else {
      last.get()
          .close()
          .thenAccept(
              timings -> {
                tell.accept(timings);
                onEnd.run();
              });
    }
  }

  private Usage usage(List<StageTiming> timings) {
    return new Usage(
        answer.promptLength(),
        answer.length() - answer.promptLength(),
        stopwatch.prefill(),
        stopwatch.decode(),
        attempts.recoveries(),
        timings);
  }
}
