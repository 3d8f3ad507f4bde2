package dev.brigade.launcher.bench;

import dev.brigade.spi.Cancellation;
import dev.brigade.spi.engine.DType;
import dev.brigade.spi.engine.EngineException;
import dev.brigade.spi.engine.LoadedShard;
import dev.brigade.spi.engine.Pass;
import dev.brigade.spi.engine.Sequence;
import dev.brigade.spi.engine.SequenceSpec;
import dev.brigade.spi.engine.Slice;
import dev.brigade.spi.engine.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Sequences that decode in the same passes, each after the same prompt. */
final class SequencesTogether implements AutoCloseable {
  private final LoadedShard shard;
  private final BenchSettings settings;
  private final int mostSlices;
  private final List<Sequence> sequences = new ArrayList<>();
  private final Tensor logits;

  private SequencesTogether(
      LoadedShard shard, BenchSettings settings, int mostSlices, int vocabulary) {
    this.shard = shard;
    this.settings = settings;
    this.mostSlices = mostSlices;
    logits = Tensor.allocate(DType.F32, Math.min(mostSlices, settings.sequences()), vocabulary);
  }

  /**
   * Copies a sequence.
   *
   * @param prompt holds the prompt and nothing after it
   * @param mostSlices that a pass takes
   */
  static SequencesTogether of(
      Sequence prompt, LoadedShard shard, BenchSettings settings, int mostSlices, int vocabulary)
      throws EngineException {
    SequencesTogether all = new SequencesTogether(shard, settings, mostSlices, vocabulary);
    try {
      for (int i = 0; i < settings.sequences(); i++) {
        all.sequences.add(prompt.fork(new SequenceSpec(settings.capacity(), settings.prefill())));
      }
      return all;
    } catch (EngineException | RuntimeException e) {
      all.close();
      throw e;
    }
  }

  /** Runs once to warm up, then as often as the settings say. */
  Timing decode() throws EngineException {
    run();
    List<Timing.Sample> samples = new ArrayList<>();
    for (int round = 0; round < settings.repeats(); round++) {
      samples.add(Stopwatch.time(this::run));
    }
    return new Timing(sequences.size() * settings.stepsTogether(), samples);
  }

  private void run() throws EngineException {
    sequences.forEach(sequence -> sequence.truncate(settings.prefill()));
    for (int step = 0; step < settings.stepsTogether(); step++) {
      for (int from = 0; from < sequences.size(); from += mostSlices) {
        List<Slice> slices =
            sequences.subList(from, Math.min(sequences.size(), from + mostSlices)).stream()
                .map(sequence -> new Slice(sequence, 1, 1))
                .toList();
        int[] ids = new int[slices.size()];
        Arrays.setAll(ids, i -> i + 2);
        shard.run(new Pass(slices, Tensor.ofIds(ids)), rows(slices.size()), Cancellation.none());
      }
    }
  }

  private Tensor rows(int count) {
    int row = logits.size(1) * DType.F32.bytes();
    return new Tensor(
        DType.F32,
        List.of((long) count, (long) logits.size(1)),
        logits.bytes().slice(0, count * row).order(java.nio.ByteOrder.LITTLE_ENDIAN));
  }

  @Override
  public void close() {
    sequences.forEach(Sequence::close);
    sequences.clear();
  }
}
