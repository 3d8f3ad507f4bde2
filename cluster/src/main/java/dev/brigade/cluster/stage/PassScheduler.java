package dev.brigade.cluster.stage;

import dev.brigade.cluster.observe.NodeObserver;
import dev.brigade.cluster.observe.StageMeasure;
import dev.brigade.cluster.runtime.NodeRuntime;
import dev.brigade.cluster.sampling.Sampler;
import dev.brigade.cluster.wire.Head;
import dev.brigade.spi.engine.DType;
import dev.brigade.spi.engine.EngineException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Groups whatever steps are ready into passes, one at a time: decoding first, as it is short and
 * somebody waits for each token, then prompts as far as rows are left. Owned by the loop.
 */
final class PassScheduler {
  /** Rows of a pass beyond its first step; more would only make those who decode wait. */
  private static final int MAX_ROWS = 512;

  private final NodeRuntime runtime;
  private final int maxSlices;
  private final OnDone onDone;
  private final OnFailure onFailure;
  private final NodeObserver observer;
  private final StageBuffers buffers = new StageBuffers();
  private boolean running;
  private long turn;

  /** Is told what came of a step. */
  interface OnDone {
    void handOn(StageSequence sequence, Head.Step step, StagePass.Outcome outcome);
  }

  /** Is told that a step failed, and how much the cache holds. */
  interface OnFailure {
    void failed(StageSequence sequence, int kept, String reason);
  }

  PassScheduler(
      NodeRuntime runtime,
      int maxSlices,
      OnDone onDone,
      OnFailure onFailure,
      NodeObserver observer) {
    this.runtime = runtime;
    this.maxSlices = maxSlices;
    this.onDone = onDone;
    this.onFailure = onFailure;
    this.observer = observer;
  }

  /** Starts a pass if none runs and something is ready. */
  void run(Collection<StageSequence> sequences) {
    if (running) {
      return;
    }
    List<StageSequence> ready =
        sequences.stream().filter(sequence -> sequence.ready().isPresent()).toList();
    if (ready.isEmpty()) {
      return;
    }
    // Shards take turns, so that one busy plan does not starve another.
    HostedShard shard = ready.get((int) (turn++ % ready.size())).shard;
    start(shard, choose(shard, ready));
  }

  private List<StageSequence> choose(HostedShard shard, List<StageSequence> ready) {
    List<StageSequence> candidates =
        ready.stream()
            .filter(sequence -> sequence.shard == shard)
            .sorted(Comparator.comparingInt(PassScheduler::rows))
            .toList();
    List<StageSequence> chosen = new ArrayList<>();
    int rows = 0;
    for (StageSequence sequence : candidates) {
      boolean fits = chosen.isEmpty() || rows + rows(sequence) <= MAX_ROWS;
      boolean sameType = chosen.isEmpty() || type(sequence) == type(chosen.get(0));
      if (fits && sameType && chosen.size() < maxSlices) {
        chosen.add(sequence);
        rows += rows(sequence);
      }
    }
    return chosen;
  }

  private static int rows(StageSequence sequence) {
    return sequence.ready().orElseThrow().step().rows();
  }

  private static DType type(StageSequence sequence) {
    return sequence.ready().orElseThrow().step().type();
  }

  private void start(HostedShard shard, List<StageSequence> chosen) {
    HostedShard.Loaded loaded = shard.loaded().orElseThrow();
    int width = loaded.model().shape().width();
    int outWidth = shard.isTail() ? loaded.model().shape().vocabulary() : width;
    StagePass pass = new StagePass(loaded.shard(), buffers, shard.stage().output(), outWidth);
    OptionalInt inWidth = shard.isFirst() ? OptionalInt.empty() : OptionalInt.of(width);
    Instant oldest =
        chosen.stream()
            .map(sequence -> sequence.ready().orElseThrow().arrived())
            .min(Comparator.naturalOrder())
            .orElseThrow();
    List<StagePass.Part> parts = chosen.stream().map(PassScheduler::part).toList();
    running = true;
    runtime
        .engine()
        .execute(
            () -> {
              Instant begin = runtime.clock().instant();
              try {
                List<StagePass.Outcome> outcomes = pass.run(parts, inWidth, shard.isTail());
                Duration compute = Duration.between(begin, runtime.clock().instant());
                Duration waited = Duration.between(oldest, begin);
                runtime
                    .loop()
                    .execute(
                        () -> {
                          done(chosen, parts, outcomes, compute.toNanos());
                          observer.measured(passed(shard, parts, waited, compute));
                        });
              } catch (StagePass.KeptLess
                  | EngineException
                  | RuntimeException
                  | LinkageError failure) {
                List<Integer> kept = parts.stream().map(part -> part.cache().length()).toList();
                runtime.loop().execute(() -> failed(chosen, kept, failure));
              }
            });
  }

  private static StageMeasure passed(
      HostedShard shard, List<StagePass.Part> parts, Duration waited, Duration compute) {
    int rows = parts.stream().mapToInt(part -> part.step().rows()).sum();
    return new StageMeasure.Passed(shard.plan, shard.index, parts.size(), rows, waited, compute);
  }

  private static StagePass.Part part(StageSequence sequence) {
    OptionalInt truncateTo =
        sequence.mustTruncate() ? OptionalInt.of(sequence.length()) : OptionalInt.empty();
    QueuedStep queued = sequence.start();
    Head.Step step = queued.step();
    Optional<StagePass.Draw> draw =
        step.outputs() == 0
            ? Optional.empty()
            : sequence.tail().map(tail -> draw(tail, step.end()));
    return new StagePass.Part(sequence.cache, truncateTo, step, queued.body(), draw);
  }

  private static StagePass.Draw draw(TailState tail, int position) {
    Head.Open open = tail.open();
    int[] ids = Sampler.needsIds(open.sampling()) ? tail.idsBefore(position) : new int[0];
    boolean withLogits = open.promptLogits() && position == open.promptLength();
    return new StagePass.Draw(open.sampling(), position, ids, open.promptLength(), withLogits);
  }

  private void done(
      List<StageSequence> chosen,
      List<StagePass.Part> parts,
      List<StagePass.Outcome> outcomes,
      long nanos) {
    for (int i = 0; i < chosen.size(); i++) {
      chosen.get(i).finished(parts.get(i).step(), nanos);
    }
    running = false;
    for (int i = 0; i < chosen.size(); i++) {
      onDone.handOn(chosen.get(i), parts.get(i).step(), outcomes.get(i));
    }
  }

  private void failed(List<StageSequence> chosen, List<Integer> kept, Throwable failure) {
    running = false;
    String reason = "the pass failed: " + failure.getMessage();
    for (int i = 0; i < chosen.size(); i++) {
      onFailure.failed(chosen.get(i), kept.get(i), reason);
    }
  }
}
