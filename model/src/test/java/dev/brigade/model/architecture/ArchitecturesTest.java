package dev.brigade.model.architecture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.brigade.model.config.ModelConfig;
import dev.brigade.model.decoder.Decoder;
import dev.brigade.model.decoder.WeightCensus;
import dev.brigade.model.weights.Weight;
import dev.brigade.spi.engine.EngineException;
import dev.brigade.spi.engine.EngineException.BadModel;
import dev.brigade.spi.engine.EngineException.Unsupported;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ArchitecturesTest {
  private static final String SIZES =
      "'hidden_size':8,'num_attention_heads':2,'num_key_value_heads':1,'num_hidden_layers':2,"
          + "'intermediate_size':12,'vocab_size':10";
  private static final String LLAMA = "'model_type':'llama'," + SIZES;

  @Test
  void anUnknownArchitectureIsRefusedWithTheKnownOnes() {
    assertThatThrownBy(() -> decoder("'model_type':'mamba'," + SIZES))
        .isInstanceOf(Unsupported.class)
        .hasMessageContainingAll("config.json", "'mamba'", "llama", "qwen3", "deepseek_v3");
  }

  @Test
  void aConfigWithoutModelTypeIsRefused() {
    assertThatThrownBy(() -> decoder(SIZES))
        .isInstanceOf(BadModel.class)
        .hasMessageContaining("'model_type' is missing");
  }

  @Test
  void aModelWithoutLanguageHeadIsRefused() {
    String classifier = LLAMA + ",'architectures':['LlamaForSequenceClassification']";
    assertThatThrownBy(() -> decoder(classifier))
        .isInstanceOf(Unsupported.class)
        .hasMessageContaining("LlamaForSequenceClassification");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'quantization_config':{'quant_method':'gptq','bits':4}",
        "'quantization_config':{'quant_method':'fp8'}",
        "'quantization':{'quant_method':'awq','group_size':64,'bits':4}"
      })
  void aQuantizedCheckpointIsRefusedByItsMethod(String quantization) {
    String method = quantization.replaceAll(".*'quant_method':'(\\w+)'.*", "$1");
    assertThatThrownBy(() -> decoder(LLAMA + "," + quantization))
        .isInstanceOf(Unsupported.class)
        .hasMessageContainingAll(quantization.replaceAll("'(\\w+)':\\{.*", "$1"), method);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'quantization':{'group_size':32,'bits':4}",
        "'quantization':{'group_size':32,'bits':4,'mode':'affine'}",
        "'quantization':{'group_size':32,'bits':4,'mode':'mxfp4'}",
        "'quantization':{'group_size':32,'bits':8,'mode':'mxfp8'}",
        "'quantization':{'group_size':16,'bits':4,'mode':'nvfp4'}",
        "'quantization':{'group_size':64,'bits':4,'lm_head':{'group_size':32,'bits':8},'x':false}",
        "'quantization':{'group_size':64,'bits':4},'quantization_config':{'quant_method':'fp8'}",
        "'quantization_config':{'quant_method':'mxfp4','modules_to_not_convert':['lm_head']}"
      })
  void oneThatIsQuantizedInGroupsIsTaken(String quantization) throws EngineException {
    assertThat(decoder(LLAMA + "," + quantization).shape().layers()).isPositive();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'quantization':{'group_size':32,'bits':4,'mode':'fancy'}",
        "'quantization':{'group_size':32,'bits':4,'lm_head':{'group_size':32,'bits':4,'mode':'fancy'}}"
      })
  void anUnknownModeIsRefusedByName(String quantization) {
    assertThatThrownBy(() -> decoder(LLAMA + "," + quantization))
        .isInstanceOf(Unsupported.class)
        .hasMessageContainingAll("fancy", "affine, mxfp4, mxfp8, nvfp4");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'hidden_act':'relu'",
        "'partial_rotary_factor':0.5",
        "'rope_scaling':{'type':'mrope'}"
      })
  void aFeatureThatIsNotImplementedIsRefusedByName(String feature) {
    String name = feature.replaceAll(".*'(\\w+)'[^']*$", "$1");
    assertThatThrownBy(() -> decoder(LLAMA + "," + feature))
        .isInstanceOf(Unsupported.class)
        .hasMessageContaining(name);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "hidden_size",
        "num_attention_heads",
        "num_hidden_layers",
        "intermediate_size",
        "vocab_size"
      })
  void aMissingSizeIsNamed(String key) {
    String without = LLAMA.replaceAll(",'" + key + "':\\d+", "");
    assertThatThrownBy(() -> decoder(without))
        .isInstanceOf(BadModel.class)
        .hasMessageContaining("'" + key + "' is missing");
  }

  @Test
  void headsThatDoNotDivideAreRefused() {
    String uneven = LLAMA.replace("'num_key_value_heads':1", "'num_key_value_heads':3");
    assertThatThrownBy(() -> decoder(uneven))
        .isInstanceOf(BadModel.class)
        .hasMessageContainingAll("num_key_value_heads", "is 3");
  }

  @Test
  void aHeadOfOddWidthCannotRotate() {
    assertThatThrownBy(() -> decoder(LLAMA + ",'head_dim':5"))
        .isInstanceOf(BadModel.class)
        .hasMessageContaining("head of 5");
  }

  @Test
  void biasesAreAskedForWhereTheConfigSaysSo() throws EngineException {
    assertThat(names(decoder(LLAMA))).noneMatch(name -> name.endsWith(".bias"));
    assertThat(names(decoder(LLAMA + ",'attention_bias':true,'mlp_bias':true")))
        .contains(
            "model.layers.1.self_attn.q_proj.bias",
            "model.layers.1.self_attn.o_proj.bias",
            "model.layers.1.mlp.down_proj.bias");
  }

  @Test
  void aTiedHeadIsTheEmbedding() throws EngineException {
    assertThat(names(decoder(LLAMA))).contains("lm_head.weight");
    Set<Weight> head = WeightCensus.of(ops -> tied().head(ops, WeightCensus.Nothing.NOTHING));
    Set<Weight> embedding = WeightCensus.of(ops -> tied().embed(ops, WeightCensus.Nothing.NOTHING));
    assertThat(head).containsAll(embedding);
  }

  @Test
  void theWindowStartsWhereTheConfigSays() throws EngineException {
    String qwen2 = "'model_type':'qwen2','use_sliding_window':true,'sliding_window':4," + SIZES;
    assertThatThrownBy(
            () -> decoder(qwen2 + ",'layer_types':['full_attention','chunked_attention']"))
        .isInstanceOf(BadModel.class)
        .hasMessageContaining("layer_types");
    assertThatThrownBy(() -> decoder(qwen2 + ",'layer_types':['full_attention']"))
        .isInstanceOf(BadModel.class)
        .hasMessageContaining("a list of 2");
    String off = qwen2.replace("true", "false");
    assertThatThrownBy(() -> decoder(off + ",'layer_types':['full_attention','sliding_attention']"))
        .isInstanceOf(BadModel.class)
        .hasMessageContaining("sliding_window");
  }

  private static Decoder tied() {
    try {
      return decoder(LLAMA + ",'tie_word_embeddings':true");
    } catch (EngineException e) {
      throw new AssertionError(e);
    }
  }

  private static Set<String> names(Decoder decoder) {
    return WeightCensus.ofShard(decoder, 0, decoder.shape().layers()).stream()
        .filter(Weight.Named.class::isInstance)
        .map(weight -> ((Weight.Named) weight).name())
        .collect(java.util.stream.Collectors.toSet());
  }

  private static Decoder decoder(String members) throws EngineException {
    String json = "{" + members.replace('\'', '"') + "}";
    return Architectures.decoder(ModelConfig.parse(json, "config.json"));
  }
}
