package dev.brigade.engine.mlx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.brigade.model.ModelFiles;
import dev.brigade.spi.Cancellation;
import dev.brigade.spi.engine.EngineException;
import dev.brigade.spi.engine.InferenceEngine;
import dev.brigade.spi.engine.Precision;
import dev.brigade.testkit.TestHost;
import dev.brigade.testkit.engine.ChainSequence;
import dev.brigade.testkit.engine.ShardChain;
import dev.brigade.testkit.engine.ShardChain.Turn;
import dev.brigade.testkit.golden.GoldenModel;
import dev.brigade.testkit.reference.ReferenceConfig;
import dev.brigade.testkit.reference.ReferenceEngineProvider;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Golden models as MLX's own tools quantise and name them, and matrices quantised when loaded. */
@EnabledWithMlx
class QuantizedModelsTest {
  private static final int COUNT = 40;
  private static final List<Integer> IDS =
      IntStream.range(0, COUNT).map(i -> (i * 37 + i / 7) % 320).boxed().toList();

  @ParameterizedTest
  @CsvSource({
    "llama_4bit, f32, 1e-3",
    "qwen2_8bit, f32, 1e-3",
    "mixtral_8bit, f32, 1e-3",
    "llama_4bit, f16, 0.15",
    "llama_4bit, bf16, 0.25",
    "mixtral_8bit, f16, 0.15"
  })
  void aQuantisedCheckpointComputesWhatItsNumbersMean(
      String model, String precision, double tolerance) throws EngineException {
    Path folder = folder(model);
    try (TestHost host = TestHost.create();
        InferenceEngine reference =
            new ReferenceEngineProvider().create(ReferenceConfig.usual(), host);
        TestEngine test = new TestEngine();
        ShardChain meant = ShardChain.load(reference, folder, Precision.F32);
        ShardChain chain =
            ShardChain.load(test.engine(), folder, Precision.parse(precision), 1, 3)) {
      float[][] expected = logits(meant);
      assertClose(logits(chain), expected, tolerance);
      assertClose(List.of(oneByOne(chain)).toArray(float[][]::new), last(expected), tolerance);
    }
  }

  @Test
  void itTakesTheMemoryOfItsBits() throws EngineException {
    try (TestEngine test = new TestEngine();
        ShardChain quantized =
            ShardChain.load(test.engine(), folder("llama_4bit"), Precision.BF16);
        ShardChain plain =
            ShardChain.load(test.engine(), GoldenModel.named("llama").folder(), Precision.BF16)) {
      // Four bits, and on a CPU a scale and a bias of 32 for every 32 elements.
      assertThat((double) weights(quantized) / weights(plain)).isCloseTo(6.0 / 16, within(0.02));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"llama", "mistral", "qwen3"})
  void matricesQuantisedWhenLoadedStayNearToWhatTheyWere(String model) throws EngineException {
    Path folder = GoldenModel.named(model).folder();
    try (TestEngine test = new TestEngine();
        ShardChain exact = ShardChain.load(test.engine(), folder, Precision.F32);
        ShardChain int8 = ShardChain.load(test.engine(), folder, new Precision("int8"));
        ShardChain int4 = ShardChain.load(test.engine(), folder, new Precision("int4"))) {
      float[][] expected = logits(exact);
      double near = distance(logits(int8), expected);
      double far = distance(logits(int4), expected);
      assertThat(near).isLessThan(0.05);
      assertThat(far).isBetween(near, 0.7);
      assertThat(weights(int4)).isLessThan(weights(int8)).isPositive();
      assertThat(weights(int8)).isLessThan(weights(exact) * 2 / 3);
    }
  }

  @Test
  void aModelIsStillTheSameThatItsConfigCallsQuantised() throws EngineException {
    try (ModelFiles files = ModelFiles.open(folder("llama_4bit"))) {
      assertThat(files.decoder().shape().layers()).isEqualTo(4);
    }
  }

  private static long weights(ShardChain chain) {
    return chain.shards().stream().mapToLong(shard -> shard.memory().weights()).sum();
  }

  private static float[][] logits(ShardChain chain) throws EngineException {
    Turn all = new Turn(chain.open(COUNT, COUNT), IDS, COUNT);
    return chain.run(List.of(all), Cancellation.none());
  }

  private static float[] oneByOne(ShardChain chain) throws EngineException {
    ChainSequence sequence = chain.open(COUNT, COUNT);
    float[] logits = {};
    for (int id : IDS) {
      logits = chain.feed(sequence, List.of(id));
    }
    return logits;
  }

  private static float[][] last(float[][] rows) {
    return new float[][] {rows[rows.length - 1]};
  }

  private static void assertClose(float[][] actual, float[][] expected, double tolerance) {
    assertThat(actual).hasNumberOfRows(expected.length);
    double deviation = deviation(expected);
    for (int row = 0; row < expected.length; row++) {
      for (int i = 0; i < expected[row].length; i++) {
        assertThat((double) actual[row][i])
            .as("logit %d of row %d", i, row)
            .isCloseTo(expected[row][i], within(tolerance * deviation));
      }
    }
  }

  /** Root of the mean square of the differences, in standard deviations of the logits. */
  private static double distance(float[][] actual, float[][] expected) {
    double squares = 0;
    for (int row = 0; row < expected.length; row++) {
      for (int i = 0; i < expected[row].length; i++) {
        squares += Math.pow(actual[row][i] - expected[row][i], 2);
      }
    }
    return Math.sqrt(squares / expected.length / expected[0].length) / deviation(expected);
  }

  private static double deviation(float[][] rows) {
    double sum = 0;
    double squares = 0;
    int count = rows.length * rows[0].length;
    for (float[] row : rows) {
      for (float logit : row) {
        sum += logit;
        squares += (double) logit * logit;
      }
    }
    return Math.sqrt(squares / count - Math.pow(sum / count, 2));
  }

  private static Path folder(String name) {
    try {
      return Path.of(QuantizedModelsTest.class.getResource(name).toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }
}
