package dev.brigade.launcher.bench;

import dev.brigade.spi.Cancellation;
import dev.brigade.spi.Progress;
import dev.brigade.spi.engine.EngineException;
import dev.brigade.spi.engine.InferenceEngine;
import dev.brigade.spi.engine.LoadRequest;
import dev.brigade.spi.engine.LoadedShard;
import dev.brigade.spi.engine.Pass;
import dev.brigade.spi.engine.Precision;
import dev.brigade.spi.engine.Sequence;
import dev.brigade.spi.engine.SequenceSpec;
import dev.brigade.spi.engine.Slice;
import dev.brigade.spi.engine.Tensor;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Measures one engine on one model, by what every engine has. Where there is a baseline, rounds of
 * the two alternate in the same process, the first of a round being the other one each time, so
 * that whatever else the machine does hits both. Used from one thread, the engine's.
 */
final class EngineBench {
  private final InferenceEngine engine;
  private final BaselineSource baselines;
  private final BenchModel model;
  private final BenchSettings settings;
  private final Consumer<Progress> progress;

  EngineBench(
      InferenceEngine engine,
      BaselineSource baselines,
      BenchModel model,
      BenchSettings settings,
      Consumer<Progress> progress) {
    this.engine = engine;
    this.baselines = baselines;
    this.model = model;
    this.settings = settings;
    this.progress = progress;
  }

  /** Measures one precision. */
  EngineOutcome run(Precision precision) {
    String name = engine.profile().engine();
    long begin = System.nanoTime();
    try (LoadedShard shard =
        engine.load(
            new LoadRequest(model.whole(), model.path(), precision),
            progress,
            Cancellation.none())) {
      Duration load = Duration.ofNanos(System.nanoTime() - begin);
      try (Sequence sequence =
          shard.open(new SequenceSpec(settings.capacity(), settings.prefill()))) {
        return measure(precision, shard, sequence, load);
      }
    } catch (EngineException | RuntimeException e) {
      return new EngineOutcome.Failed(name, precision, Reason.of(e));
    }
  }

  private EngineOutcome measure(
      Precision precision, LoadedShard shard, Sequence sequence, Duration load)
      throws EngineException {
    Candidate own =
        new Candidate(
            (ids, start, logits) -> append(shard, sequence, ids, start, logits),
            settings,
            model.vocabulary());
    own.warmUp();
    EngineOutcome.Comparison comparison;
    NativeShare share = new NativeShare(shard);
    BaselineSource.Found found =
        baselines.start(precision, model, settings, shard.memory().weights(), progress);
    try (found) {
      comparison = rounds(own, found, share, precision);
    }
    Optional<EngineOutcome.Together> together = Optional.empty();
    if (settings.sequences() > 1) {
      together = Optional.of(together(shard, sequence, own));
    }
    return new EngineOutcome.Measured(
        engine.profile().engine(),
        precision,
        engine.profile().device(),
        load,
        shard.memory(),
        own.result(),
        together,
        share.part(),
        comparison);
  }

  private EngineOutcome.Comparison rounds(
      Candidate own, BaselineSource.Found found, NativeShare share, Precision precision)
      throws EngineException {
    Optional<Candidate> hand =
        found
            .baseline()
            .map(baseline -> new Candidate(baseline::append, settings, model.vocabulary()));
    if (hand.isPresent()) {
      hand.get().warmUp();
    }
    for (int round = 0; round < settings.repeats(); round++) {
      boolean handFirst = round % 2 == 1;
      inTurn(handFirst, own::prefill, hand.map(other -> other::prefill));
      inTurn(handFirst, () -> share.around(own::decode), hand.map(other -> other::decode));
      progress.accept(new Progress("measuring " + precision, round + 1, settings.repeats() + 1));
    }
    return hand.<EngineOutcome.Comparison>map(
            other ->
                new EngineOutcome.Against(
                    found.description(),
                    other.result(),
                    Agreement.of(own.logits(), other.logits())))
        .orElseGet(() -> new EngineOutcome.Alone(found.reason()));
  }

  private static void inTurn(boolean handFirst, Stopwatch.Work own, Optional<Stopwatch.Work> hand)
      throws EngineException {
    if (handFirst && hand.isPresent()) {
      hand.get().run();
    }
    own.run();
    if (!handFirst && hand.isPresent()) {
      hand.get().run();
    }
  }

  private EngineOutcome.Together together(LoadedShard shard, Sequence sequence, Candidate own)
      throws EngineException {
    sequence.truncate(settings.prefill());
    try (SequencesTogether all =
        SequencesTogether.of(
            sequence, shard, settings, engine.profile().maxSlices(), model.vocabulary())) {
      Timing decode = all.decode();
      double one = own.result().decode().tokensPerSecond().median();
      return new EngineOutcome.Together(
          settings.sequences(), decode, decode.tokensPerSecond().median() / one);
    }
  }

  private static void append(
      LoadedShard shard, Sequence sequence, int[] ids, int start, Tensor logits)
      throws EngineException {
    sequence.truncate(start);
    Slice slice = new Slice(sequence, ids.length, 1);
    shard.run(new Pass(List.of(slice), Tensor.ofIds(ids)), logits, Cancellation.none());
  }
}
