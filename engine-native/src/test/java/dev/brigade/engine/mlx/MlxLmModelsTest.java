package dev.brigade.engine.mlx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.brigade.spi.engine.EngineException;
import dev.brigade.spi.engine.InferenceEngine;
import dev.brigade.spi.engine.Precision;
import dev.brigade.testkit.TestHost;
import dev.brigade.testkit.engine.ChainSequence;
import dev.brigade.testkit.engine.ShardChain;
import dev.brigade.testkit.reference.ReferenceConfig;
import dev.brigade.testkit.reference.ReferenceEngineProvider;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Models as mlx-lm converts them, against what mlx-lm computes from them. They were made by {@code
 * src/test/python/mlx_lm_models.py}.
 */
class MlxLmModelsTest {
  private static final double TOLERANCE = 1e-3;

  @EnabledWithMlx
  @ParameterizedTest
  @ValueSource(
      strings = {
        "gpt_oss_mxfp4",
        "gpt_oss_published",
        "deepseek_v3_4bit",
        "llama_mixed",
        "qwen3_moe_nvfp4_mxfp8"
      })
  void mlxComputesFromAConversionWhatMlxLmDoes(String model)
      throws EngineException, IOException, URISyntaxException {
    try (TestEngine test = new TestEngine()) {
      assertSameAsMlxLm(test.engine(), model, 1);
      assertThat(test.engine().heldWeights()).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "gpt_oss_mxfp4",
        "gpt_oss_published",
        "deepseek_v3_4bit",
        "llama_mixed",
        "qwen3_moe_nvfp4_mxfp8"
      })
  void anEngineWithoutSuchGroupsComputesItFromTheNumbersMeant(String model)
      throws EngineException, IOException, URISyntaxException {
    try (TestHost host = TestHost.create();
        InferenceEngine reference =
            new ReferenceEngineProvider().create(ReferenceConfig.usual(), host)) {
      assertSameAsMlxLm(reference, model);
    }
  }

  private static void assertSameAsMlxLm(InferenceEngine engine, String model, int... cuts)
      throws EngineException, IOException, URISyntaxException {
    Path folder = Path.of(MlxLmModelsTest.class.getResource(model).toURI());
    JsonNode told = new ObjectMapper().readTree(folder.resolve("mlx_lm.json").toFile());
    List<Integer> ids = whole(told.get("ids"));
    List<Integer> greedy = whole(told.get("greedy_ids"));
    try (ShardChain chain = ShardChain.load(engine, folder, Precision.F32, cuts)) {
      ChainSequence sequence = chain.open(ids.size() + greedy.size(), ids.size());
      float[] logits = chain.feed(sequence, ids);
      JsonNode expected = told.get("last_logits");
      assertThat(logits).hasSize(expected.size());
      for (int i = 0; i < logits.length; i++) {
        assertThat((double) logits[i])
            .as("logit %d", i)
            .isCloseTo(expected.get(i).asDouble(), within(TOLERANCE));
      }
      List<Integer> chosen = new ArrayList<>();
      for (int step = 0; step < greedy.size(); step++) {
        chosen.add(ShardChain.argmax(logits));
        logits = chain.feed(sequence, List.of(chosen.get(step)));
      }
      assertThat(chosen).isEqualTo(greedy);
    }
  }

  private static List<Integer> whole(JsonNode numbers) {
    List<Integer> whole = new ArrayList<>();
    numbers.forEach(number -> whole.add(number.asInt()));
    return whole;
  }
}
