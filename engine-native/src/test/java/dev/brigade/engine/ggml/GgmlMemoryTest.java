package dev.brigade.engine.ggml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.brigade.engine.ggml.binding.TensorBlock;
import dev.brigade.spi.engine.EngineException;
import dev.brigade.spi.engine.InferenceEngine;
import dev.brigade.spi.engine.InsufficientMemoryException;
import dev.brigade.spi.engine.Precision;
import dev.brigade.testkit.TestHost;
import dev.brigade.testkit.engine.ShardChain;
import dev.brigade.testkit.golden.GoldenModel;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is taken is given back, on every path. */
class GgmlMemoryTest {
  private final Path llama = GoldenModel.named("llama").folder();
  private TestHost host;
  private int before;

  @BeforeEach
  void countWhatIsOpen() {
    host = TestHost.create();
    before = TensorBlock.open();
  }

  @AfterEach
  void nothingIsLeft() {
    host.close();
    assertThat(TensorBlock.open()).isEqualTo(before);
  }

  private InferenceEngine engine(Optional<Long> limit) {
    GgmlEngineConfig config =
        new GgmlEngineConfig(
            Optional.of(1), Optional.empty(), limit, Optional.empty(), Optional.empty());
    return new GgmlEngineProvider().create(config, host);
  }

  @Test
  void shardsOfOneModelShareTheirWeights() throws EngineException {
    try (InferenceEngine engine = engine(Optional.empty());
        ShardChain first = ShardChain.load(engine, llama, Precision.F32)) {
      int held = TensorBlock.open();
      try (ShardChain second = ShardChain.load(engine, llama, Precision.F32, 1, 3)) {
        assertThat(TensorBlock.open()).isEqualTo(held);
        long parts = second.shards().stream().mapToLong(s -> s.memory().weights()).sum();
        assertThat(parts).isEqualTo(first.shards().get(0).memory().weights());
      }
      assertThat(TensorBlock.open()).isEqualTo(held);
    }
  }

  @Test
  void aShardThatDoesNotFitIsRefusedWithTheSumAndLeavesNothing() {
    try (InferenceEngine engine = engine(Optional.of(100_000L))) {
      assertThatThrownBy(() -> ShardChain.load(engine, llama, Precision.F32))
          .isInstanceOfSatisfying(
              InsufficientMemoryException.class,
              e -> assertThat(e.availableBytes()).isEqualTo(100_000));
      assertThat(TensorBlock.open()).isEqualTo(before);
    }
  }

  @Test
  void anEngineThatIsClosedFreesWhatItsUsersForgot() throws EngineException {
    InferenceEngine engine = engine(Optional.empty());
    ShardChain forgotten = ShardChain.load(engine, llama, Precision.F16);
    forgotten.feed(forgotten.open(8, 4), List.of(1, 2, 3));
    engine.close();
    assertThat(TensorBlock.open()).isEqualTo(before);
    forgotten.close();
  }

  @Test
  void fourBitsKeepTheLikeliestTokensNear() throws EngineException {
    List<Integer> ids = GoldenModel.named("llama").prompts().get(2).ids();
    try (InferenceEngine engine = engine(Optional.empty());
        ShardChain exact = ShardChain.load(engine, llama, Precision.F32);
        ShardChain whole = ShardChain.load(engine, llama, new Precision("q4_0"));
        ShardChain cut = ShardChain.load(engine, llama, new Precision("q4_0"), 1, 3)) {
      float[] expected = exact.feed(exact.open(40, 40), ids);
      float[] quantized = whole.feed(whole.open(40, 40), ids);
      assertThat(correlation(expected, quantized)).isGreaterThan(0.85);
      assertThat(cut.feed(cut.open(40, 40), ids)).isEqualTo(quantized);
      assertThat(whole.shards().get(0).memory().weights())
          .isLessThan(exact.shards().get(0).memory().weights() / 5);
    }
  }

  private static double correlation(float[] a, float[] b) {
    double products = 0;
    double ofA = 0;
    double ofB = 0;
    for (int i = 0; i < a.length; i++) {
      products += (double) a[i] * b[i];
      ofA += (double) a[i] * a[i];
      ofB += (double) b[i] * b[i];
    }
    return products / Math.sqrt(ofA * ofB);
  }
}
