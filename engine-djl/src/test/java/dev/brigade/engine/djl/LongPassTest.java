package dev.brigade.engine.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.brigade.spi.Cancellation;
import dev.brigade.spi.engine.EngineException;
import dev.brigade.spi.engine.Precision;
import dev.brigade.testkit.engine.ChainSequence;
import dev.brigade.testkit.engine.ShardChain;
import dev.brigade.testkit.engine.ShardChain.Turn;
import dev.brigade.testkit.golden.GoldenModel;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Passes of more rows than one native call takes. */
class LongPassTest {
  private static final int LENGTH = 700;
  private static final List<Integer> IDS =
      IntStream.range(0, LENGTH).map(i -> (i * 37 + i / 7) % 320).boxed().toList();

  @ParameterizedTest
  @ValueSource(strings = {"llama", "mistral", "gemma2", "gpt_oss", "deepseek_v3"})
  void aLongPassEqualsManyShortOnes(String model) throws EngineException {
    try (TestEngine test = new TestEngine();
        ShardChain chain = load(test, model)) {
      ChainSequence once = chain.open(LENGTH, LENGTH);
      float[][] whole = chain.run(List.of(new Turn(once, IDS, LENGTH - 250)), Cancellation.none());
      ChainSequence parts = chain.open(LENGTH, LENGTH);
      int from = 0;
      for (int count : new int[] {1, 99, 1, 180, 19, 300, 99, 1}) {
        float[] last = chain.feed(parts, IDS.subList(from, from + count));
        from += count;
        if (from > 250) {
          assertClose(last, whole[from - 1 - 250]);
        }
      }
      assertThat(from).isEqualTo(LENGTH);
    }
  }

  @Test
  void aPassIsCancelledBetweenTwoCallsAndCanBeRunAgain() throws EngineException {
    try (TestEngine test = new TestEngine();
        ShardChain chain = load(test, "llama")) {
      ChainSequence sequence = chain.open(LENGTH + 1, LENGTH);
      chain.feed(sequence, List.of(5));
      AtomicInteger looks = new AtomicInteger();
      List<Turn> turns = List.of(new Turn(sequence, IDS, 1));
      assertThatThrownBy(() -> chain.run(turns, () -> looks.incrementAndGet() > 2))
          .isInstanceOf(EngineException.Cancelled.class);
      assertThat(sequence.length()).isEqualTo(1);
      ChainSequence fresh = chain.open(LENGTH + 1, LENGTH);
      chain.feed(fresh, List.of(5));
      assertClose(
          chain.run(turns, Cancellation.none())[0],
          chain.run(List.of(new Turn(fresh, IDS, 1)), Cancellation.none())[0]);
    }
  }

  @Test
  void aShardRunsOnAnotherThreadThanTheOneThatLoadedIt() throws Exception {
    try (TestEngine test = new TestEngine();
        ShardChain chain = CompletableFuture.supplyAsync(() -> loadUnchecked(test)).get()) {
      ChainSequence here = chain.open(8, 4);
      float[] first = chain.feed(here, IDS.subList(0, 4));
      ChainSequence there = chain.open(8, 4);
      float[] second = CompletableFuture.supplyAsync(() -> feedUnchecked(chain, there)).get();
      assertThat(second).isEqualTo(first);
    }
  }

  private static ShardChain loadUnchecked(TestEngine test) {
    try {
      return load(test, "llama");
    } catch (EngineException e) {
      throw new IllegalStateException(e);
    }
  }

  private static float[] feedUnchecked(ShardChain chain, ChainSequence sequence) {
    try {
      return chain.feed(sequence, IDS.subList(0, 4));
    } catch (EngineException e) {
      throw new IllegalStateException(e);
    }
  }

  private static ShardChain load(TestEngine test, String model) throws EngineException {
    return ShardChain.load(test.engine(), GoldenModel.named(model).folder(), Precision.F32);
  }

  private static void assertClose(float[] actual, float[] expected) {
    for (int i = 0; i < expected.length; i++) {
      assertThat(actual[i]).isCloseTo(expected[i], within(1e-3f));
    }
  }
}
