package dev.brigade.engine.mlx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.brigade.engine.mlx.binding.Mlx;
import dev.brigade.engine.mlx.binding.MlxArray;
import dev.brigade.engine.mlx.binding.MlxType;
import dev.brigade.engine.mlx.binding.Recording;
import dev.brigade.spi.Cancellation;
import dev.brigade.spi.engine.EngineException;
import dev.brigade.spi.engine.Precision;
import dev.brigade.testkit.engine.ChainSequence;
import dev.brigade.testkit.engine.ShardChain;
import dev.brigade.testkit.engine.ShardChain.Turn;
import dev.brigade.testkit.golden.GoldenModel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Passes of more rows than are evaluated at once, from whatever thread, and MLX's own failures. */
@EnabledWithMlx
class MlxThreadsTest {
  private static final int LENGTH = 700;
  private static final List<Integer> IDS =
      IntStream.range(0, LENGTH).map(i -> (i * 37 + i / 7) % 320).boxed().toList();

  @ParameterizedTest
  @ValueSource(strings = {"llama", "mistral", "gemma2", "gpt_oss", "deepseek_v3"})
  void aLongPassEqualsManyShortOnes(String model) throws EngineException {
    try (TestEngine test = new TestEngine();
        ShardChain chain = load(test, model, Precision.F32)) {
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
  void expertsInSixteenBitsAreTheSameForOneRowAndForMany() throws EngineException {
    try (TestEngine test = new TestEngine();
        ShardChain chain = load(test, "mixtral", Precision.F16)) {
      float[] many = chain.feed(chain.open(20, 20), IDS.subList(0, 20));
      ChainSequence sequence = chain.open(20, 20);
      for (int i = 0; i < 19; i++) {
        chain.feed(sequence, IDS.subList(i, i + 1));
      }
      float[] one = chain.feed(sequence, IDS.subList(19, 20));
      for (int i = 0; i < many.length; i++) {
        assertThat(one[i]).isCloseTo(many[i], within(0.05f));
      }
    }
  }

  @Test
  void aPassIsCancelledBetweenTwoChunksAndCanBeRunAgain() throws EngineException {
    try (TestEngine test = new TestEngine();
        ShardChain chain = load(test, "llama", Precision.F32)) {
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
  void shardsLoadOnManyThreadsWhileOthersRun() throws Exception {
    try (TestEngine test = new TestEngine();
        ShardChain steady = load(test, "llama", Precision.F32)) {
      float[] expected = steady.feed(steady.open(8, 4), IDS.subList(0, 4));
      List<CompletableFuture<float[]>> others = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        others.add(CompletableFuture.supplyAsync(() -> loadAndFeed(test)));
      }
      for (int i = 0; i < 20; i++) {
        try (ChainSequence again = steady.open(8, 4)) {
          assertThat(steady.feed(again, IDS.subList(0, 4))).isEqualTo(expected);
        }
      }
      for (CompletableFuture<float[]> other : others) {
        assertThat(other.get()).isEqualTo(expected);
      }
    }
  }

  @Test
  void whatMlxRefusesIsAFailureWithItsReasonAndNotTheEndOfTheProcess() {
    try (TestEngine test = new TestEngine()) {
      Mlx mlx = test.engine().mlx();
      long handles = MlxArray.open();
      assertThatThrownBy(
              () ->
                  mlx.call(
                      () -> {
                        try (Recording g = mlx.record(Mlx.Device.CPU)) {
                          MlxArray a = g.zeros(MlxType.F32, 2, 3);
                          return g.products().matmul(a, a);
                        }
                      }))
          .isInstanceOf(EngineException.DeviceFailure.class)
          .hasMessageStartingWith("MLX: [matmul]")
          .hasMessageNotContaining(".cpp");
      assertThat(MlxArray.open()).isEqualTo(handles);
    }
  }

  private static float[] loadAndFeed(TestEngine test) {
    try (ShardChain chain = load(test, "llama", Precision.F32)) {
      return chain.feed(chain.open(8, 4), IDS.subList(0, 4));
    } catch (EngineException e) {
      throw new IllegalStateException(e);
    }
  }

  private static ShardChain load(TestEngine test, String model, Precision precision)
      throws EngineException {
    return ShardChain.load(test.engine(), GoldenModel.named(model).folder(), precision);
  }

  private static void assertClose(float[] actual, float[] expected) {
    for (int i = 0; i < expected.length; i++) {
      assertThat(actual[i]).isCloseTo(expected[i], within(1e-3f));
    }
  }
}
