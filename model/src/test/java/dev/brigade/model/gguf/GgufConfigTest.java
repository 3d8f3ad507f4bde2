package dev.brigade.model.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.brigade.model.config.ModelConfig;
import dev.brigade.spi.engine.EngineException;
import dev.brigade.spi.engine.EngineException.Unsupported;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GgufConfigTest {
  @TempDir private Path folder;

  private static TestGguf of(String architecture) {
    return new TestGguf()
        .with("general.architecture", architecture)
        .with(architecture + ".block_count", 2)
        .with(architecture + ".embedding_length", 4)
        .with(architecture + ".attention.head_count", 2)
        .withTensor("token_embd.weight", new float[4], new float[4], new float[4]);
  }

  private ModelConfig config(TestGguf file) throws IOException, EngineException {
    try (GgufFile opened = GgufFile.open(file.write(folder.resolve("model.gguf")))) {
      return new GgufConfig(opened).config();
    }
  }

  @Test
  void theConfigSaysInWhichTypeMostIsStored() throws Exception {
    assertThat(config(of("llama")).text("dtype")).isEqualTo("f32");
  }

  @Test
  void anAnswerEndsAtEveryTokenThatEndsATurn() throws Exception {
    TestGguf file =
        of("llama")
            .with("tokenizer.ggml.tokens", List.of("<|eot_id|>", "a", "</s>", "<|im_end|>"))
            .with("tokenizer.ggml.token_type", List.of(3, 1, 3, 1))
            .with("tokenizer.ggml.eos_token_id", 2);
    // An ordinary token that only looks so is none.
    assertThat(config(file).counts("eos_token_id")).containsExactly(2, 0);
  }

  @Test
  void whereMessagesOfATurnFollowEachOtherTheirEndIsNotTheAnswers() throws Exception {
    TestGguf file =
        of("llama")
            .with("tokenizer.ggml.tokens", List.of("<|return|>", "<|call|>", "<|end|>"))
            .with("tokenizer.ggml.token_type", List.of(3, 3, 3))
            .with("tokenizer.ggml.eos_token_id", 0);
    assertThat(config(file).counts("eos_token_id")).containsExactly(0, 1);
  }

  @Test
  void aStretchedRotationKeepsWhatTheFileSaysOfIt() throws Exception {
    TestGguf file =
        of("llama")
            .with("llama.rope.scaling.type", "yarn")
            .with("llama.rope.scaling.factor", 4f)
            .with("llama.rope.scaling.original_context_length", 64)
            .with("llama.rope.scaling.yarn_beta_fast", 20f)
            .with("llama.rope.scaling.yarn_attn_factor", 1.25f);
    ModelConfig scaling = config(file).section("rope_scaling").orElseThrow();
    assertThat(scaling.text("rope_type")).isEqualTo("yarn");
    assertThat(scaling.number("beta_fast")).isEqualTo(20);
    assertThat(scaling.number("attention_factor")).isEqualTo(1.25);
    assertThat(scaling.has("beta_slow")).isFalse();
    assertThat(scaling.flag("truncate", false)).isTrue();
  }

  @Test
  void expertsChosenAsInDeepSeekV2AreRefused() {
    TestGguf file = of("deepseek2").with("deepseek2.expert_gating_func", 1);
    assertThatThrownBy(() -> config(file))
        .isInstanceOf(Unsupported.class)
        .hasMessageContaining("softmax, as in DeepSeek-V2");
  }

  @Test
  void filesFromBeforeAttentionWasAbsorbedDescribeItsHeads() throws Exception {
    TestGguf file =
        of("deepseek2")
            .with("deepseek2.attention.key_length", 192)
            .with("deepseek2.attention.value_length", 128)
            .with("deepseek2.attention.kv_lora_rank", 512)
            .with("deepseek2.rope.dimension_count", 64)
            .withTensor("blk.1.exp_probs_b.bias", new float[4]);
    ModelConfig config = config(file);
    assertThat(config.positive("qk_nope_head_dim")).isEqualTo(128);
    assertThat(config.positive("v_head_dim")).isEqualTo(128);
    assertThat(config.positive("num_key_value_heads")).isEqualTo(2);
    assertThat(config.has("q_lora_rank")).isFalse();
    assertThat(config.positive("n_group")).isEqualTo(1);
  }
}
