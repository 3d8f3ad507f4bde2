package dev.brigade.testkit.engine;

import dev.brigade.spi.engine.EngineException;
import dev.brigade.spi.engine.InferenceEngine;
import dev.brigade.spi.engine.Precision;
import dev.brigade.testkit.TestHost;
import dev.brigade.testkit.golden.GoldenModel;
import dev.brigade.testkit.golden.GoldenPrompt;
import dev.brigade.testkit.reference.ReferenceConfig;
import dev.brigade.testkit.reference.ReferenceEngineProvider;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The golden models as llama.cpp's converter wrote them compute what the originals do. Left out are
 * those of which the format does not keep all: mistral's window, the patterns of gemma3 and
 * smollm3.
 */
class GgufModelsTest {
  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "llama",
        "qwen2",
        "mixtral",
        "phi3",
        "granite",
        "olmo2",
        "qwen3_moe",
        "deepseek_v3",
        "gpt_oss"
      })
  void aConvertedModelComputesTheSame(String name) throws IOException, EngineException {
    GoldenPrompt prompt = GoldenModel.named(name).prompts().get(2);
    float[] expected = new float[prompt.lastLogits().size()];
    for (int i = 0; i < expected.length; i++) {
      expected[i] = prompt.lastLogits().get(i).floatValue();
    }
    Closeness.assertClose(logits(converted(name), prompt), expected, tolerance(prompt));
  }

  /** What the format does not keep has one usual value, which the original is given here. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "gemma2|\"query_pre_attn_scalar\": 24|\"query_pre_attn_scalar\": 16",
        "gemma3_text|\"query_pre_attn_scalar\": 32|\"query_pre_attn_scalar\": 24",
        "smollm3|\"no_rope_layers\"|\"unknown_key\"",
      })
  void aConvertedModelComputesTheSameWithWhatIsUsual(String name, String kept, String usual)
      throws IOException, EngineException {
    GoldenPrompt prompt = GoldenModel.named(name).prompts().get(2);
    Path original = GoldenModel.named(name).copy();
    Files.copy(
        GoldenModel.named(name).legacyFolder().orElseThrow().resolve("config.json"),
        original.resolve("config.json"),
        StandardCopyOption.REPLACE_EXISTING);
    SpoiltFiles.replace(original.resolve("config.json"), kept, usual);
    if (name.equals("gemma3_text")) {
      SpoiltFiles.replace(
          original.resolve("config.json"),
          "\"sliding_window_pattern\": 3",
          "\"sliding_window_pattern\": 6");
    } else if (name.equals("smollm3")) {
      SpoiltFiles.replace(
          original.resolve("config.json"),
          "\"no_rope_layer_interval\": 2",
          "\"no_rope_layer_interval\": 4");
    }
    float[] expected = logits(original, prompt);
    Closeness.assertClose(logits(converted(name), prompt), expected, tolerance(prompt));
  }

  private static double tolerance(GoldenPrompt prompt) {
    return 1e-3 * prompt.logitDeviation();
  }

  private Path converted(String name) throws IOException {
    Path file = folder.resolve(name + ".gguf");
    try (InputStream in = GgufModelsTest.class.getResourceAsStream("../gguf/" + name + ".gguf")) {
      Files.copy(in, file);
    }
    return file;
  }

  private static float[] logits(Path model, GoldenPrompt prompt) throws EngineException {
    try (TestHost host = TestHost.create();
        InferenceEngine engine =
            new ReferenceEngineProvider().create(ReferenceConfig.usual(), host);
        ShardChain chain = ShardChain.load(engine, model, Precision.F32, 2)) {
      int count = prompt.ids().size();
      return chain.feed(chain.open(count, count), prompt.ids());
    }
  }
}
