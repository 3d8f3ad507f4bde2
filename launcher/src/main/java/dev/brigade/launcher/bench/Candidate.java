package dev.brigade.launcher.bench;

import dev.brigade.spi.engine.DType;
import dev.brigade.spi.engine.EngineException;
import dev.brigade.spi.engine.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** One of the two sides: appends tokens to its one sequence, and keeps its samples. */
final class Candidate {
  private static final int WARM_UP_STEPS = 8;

  private final Sequence sequence;
  private final BenchSettings settings;
  private final int[] prompt;
  private final int[] answer;
  private final Tensor logits;
  private final List<Timing.Sample> prefills = new ArrayList<>();
  private final List<Timing.Sample> decodes = new ArrayList<>();

  /** Appends tokens from a position on, and gives the logits of the last. */
  @FunctionalInterface
  interface Sequence {
    void append(int[] ids, int start, Tensor logits) throws EngineException;
  }

  Candidate(Sequence sequence, BenchSettings settings, int vocabulary) {
    this.sequence = sequence;
    this.settings = settings;
    SplittableRandom random = new SplittableRandom(1);
    prompt = random.ints(settings.prefill(), 0, vocabulary).toArray();
    answer = random.ints(settings.decode(), 0, vocabulary).toArray();
    logits = Tensor.allocate(DType.F32, 1, vocabulary);
  }

  /** Runs everything once, the answer's first tokens only. */
  void warmUp() throws EngineException {
    sequence.append(prompt, 0, logits);
    decode(Math.min(WARM_UP_STEPS, answer.length));
  }

  /** A round's first half. */
  void prefill() throws EngineException {
    prefills.add(Stopwatch.time(() -> sequence.append(prompt, 0, logits)));
  }

  /** Its second half. */
  void decode() throws EngineException {
    decodes.add(Stopwatch.time(() -> decode(answer.length)));
  }

  private void decode(int steps) throws EngineException {
    int[] id = new int[1];
    for (int i = 0; i < steps; i++) {
      id[0] = answer[i];
      sequence.append(id, prompt.length + i, logits);
    }
  }

  /** What came out last. */
  Tensor logits() {
    return logits;
  }

  /** What the rounds took. */
  SideResult result() {
    return new SideResult(
        new Timing(settings.prefill(), prefills), new Timing(settings.decode(), decodes));
  }
}
