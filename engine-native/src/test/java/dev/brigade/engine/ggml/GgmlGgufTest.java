package dev.brigade.engine.ggml;

import static org.assertj.core.api.Assertions.assertThat;

import dev.brigade.spi.engine.EngineException;
import dev.brigade.spi.engine.InferenceEngine;
import dev.brigade.spi.engine.Precision;
import dev.brigade.testkit.TestHost;
import dev.brigade.testkit.engine.ShardChain;
import dev.brigade.testkit.golden.GoldenModel;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A GGUF file is a model like any other. */
class GgmlGgufTest {
  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"f32", "bf16", "q8_0"})
  void aGgufFileAndItsOriginalGiveTheSame(String precision) throws IOException, EngineException {
    Path file = folder.resolve("llama.gguf");
    try (InputStream in = GgmlGgufTest.class.getResourceAsStream("llama.gguf")) {
      Files.copy(in, file);
    }
    Path original = GoldenModel.named("llama").folder();
    List<Integer> ids = GoldenModel.named("llama").prompts().get(2).ids();
    try (TestHost host = TestHost.create();
        InferenceEngine engine = new GgmlEngineProvider().create(TestConfigs.single(), host);
        ShardChain converted = ShardChain.load(engine, file, new Precision(precision), 2);
        ShardChain stored = ShardChain.load(engine, original, new Precision(precision), 2)) {
      float[] here = converted.feed(converted.open(40, 40), ids);
      float[] there = stored.feed(stored.open(40, 40), ids);
      double largest = 0;
      for (int i = 0; i < here.length; i++) {
        largest = Math.max(largest, Math.abs(here[i] - there[i]));
      }
      // The file has rotary frequencies as divisors, rounded once more.
      assertThat(largest)
          .isLessThan(1e-3 * GoldenModel.named("llama").prompts().get(2).logitDeviation());
    }
  }
}
