package dev.brigade.engine.ggml.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.brigade.engine.ggml.GgmlEngineConfig;
import dev.brigade.engine.ggml.LlamaLibrary;
import dev.brigade.model.ModelFiles;
import dev.brigade.model.bench.NamedShape;
import dev.brigade.model.bench.RandomModel;
import dev.brigade.model.decoder.WeightUses;
import dev.brigade.model.weights.Weight;
import dev.brigade.spi.engine.DType;
import dev.brigade.spi.engine.Precision;
import dev.brigade.testkit.TestHost;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LlamaFileTest {

  @ParameterizedTest
  @CsvSource({"bf16, 0", "f32, 0", "q8_0, 0.0004", "q4_0, 0.006"})
  void theFileHasTheSameWeights(String precision, float error) throws Exception {
    try (TestHost host = TestHost.create()) {
      LlamaLibrary.open(GgmlEngineConfig.defaults(), host);
      Path model = model(host);
      Path file =
          new LlamaFile(model, new Precision(precision)).in(host.cache().resolve("b"), s -> {});

      try (ModelFiles from = ModelFiles.open(model);
          ModelFiles to = ModelFiles.open(file)) {
        assertThat(to.decoder().shape()).isEqualTo(from.decoder().shape());
        int layers = from.decoder().shape().layers();
        for (Weight weight : WeightUses.ofShard(from.decoder(), 0, layers).keySet()) {
          assertThat(largestDifference(floats(from, weight), floats(to, weight)))
              .as("%s", weight)
              .isLessThanOrEqualTo(error);
        }
      }
    }
  }

  private static float largestDifference(FloatBuffer a, FloatBuffer b) {
    assertThat(a.remaining()).isEqualTo(b.remaining());
    float largest = 0;
    while (a.hasRemaining()) {
      largest = Math.max(largest, Math.abs(a.get() - b.get()));
    }
    return largest;
  }

  private static FloatBuffer floats(ModelFiles files, Weight weight) throws Exception {
    return files.checkpoint().read(weight, DType.F32).bytes().asFloatBuffer();
  }

  @Test
  void whatIsThereIsUsedAgain() throws Exception {
    try (TestHost host = TestHost.create()) {
      LlamaLibrary.open(GgmlEngineConfig.defaults(), host);
      LlamaFile file = new LlamaFile(model(host), Precision.BF16);
      Path first = file.in(host.cache(), step -> {});

      Path second =
          file.in(
              host.cache(),
              step -> {
                throw new AssertionError("written again: " + step);
              });

      assertThat(second).isEqualTo(first);
    }
  }

  private static Path model(TestHost host) throws Exception {
    return new RandomModel(NamedShape.TINY, DType.BF16, 1).in(host.cache(), step -> {});
  }
}
