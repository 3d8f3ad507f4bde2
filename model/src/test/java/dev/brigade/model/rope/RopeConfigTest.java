package dev.brigade.model.rope;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.brigade.model.config.ModelConfig;
import dev.brigade.model.decoder.RopeSpec;
import dev.brigade.model.decoder.RopeSpec.Rotation;
import dev.brigade.spi.engine.EngineException;
import dev.brigade.spi.engine.EngineException.BadModel;
import dev.brigade.spi.engine.EngineException.Unsupported;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Expected frequencies are those of Transformers 5.18, for heads of 16 columns. */
class RopeConfigTest {

  @Test
  void plainFrequenciesFallByPowersOfTheta() throws EngineException {
    Rotation rotation = rotation("{'rope_theta':10000.0}");
    assertFrequencies(
        rotation, 1, .31622776f, .1f, .03162278f, .01f, .0031622779f, .001f, 3.162278e-4f);
    assertThat(rotation.magnitude()).isEqualTo(1);
  }

  @Test
  void linearDividesAllFrequencies() throws EngineException {
    Rotation rotation =
        rotation("{'rope_parameters':{'rope_type':'linear','factor':4.0,'rope_theta':10000.0}}");
    assertFrequencies(
        rotation,
        .25f,
        .07905694f,
        .025f,
        .007905695f,
        .0025f,
        7.905695e-4f,
        2.5e-4f,
        7.905695e-5f);
  }

  @Test
  void llama3KeepsShortWavesAndDividesLongOnes() throws EngineException {
    Rotation rotation =
        rotation(
            "{'rope_scaling':{'rope_type':'llama3','factor':8.0,'low_freq_factor':1.0,"
                + "'high_freq_factor':4.0,'original_max_position_embeddings':128}}");
    assertFrequencies(
        rotation,
        1,
        .31622776f,
        .04275118f,
        .0039528473f,
        .00125f,
        3.9528473e-4f,
        1.25e-4f,
        3.9528473e-5f);
  }

  @Test
  void yarnPassesFromOneToTheOther() throws EngineException {
    Rotation rotation =
        rotation(
            "{'rope_scaling':{'type':'yarn','factor':8.0,"
                + "'original_max_position_embeddings':64}}");
    assertFrequencies(
        rotation,
        1,
        .22399466f,
        .041666664f,
        .0039528473f,
        .00125f,
        3.9528473e-4f,
        1.25e-4f,
        3.9528473e-5f);
    assertThat(rotation.magnitude()).isCloseTo(1.2079442f, within(1e-6f));
  }

  @Test
  void yarnMayLeaveItsRampUnroundedAndWeighItsMagnitude() throws EngineException {
    Rotation rotation =
        rotation(
            "{'rope_parameters':{'rope_type':'yarn','factor':8.0,'rope_theta':10000,"
                + "'original_max_position_embeddings':64,'truncate':false,'mscale':0.7,"
                + "'mscale_all_dim':0.4}}");
    assertFrequencies(
        rotation,
        1,
        .17897615f,
        .013194458f,
        .0039528473f,
        .00125f,
        3.9528473e-4f,
        1.25e-4f,
        3.9528473e-5f);
    assertThat(rotation.magnitude()).isCloseTo(1.0575928f, within(1e-6f));
  }

  @Test
  void longropeChoosesItsDivisorsByThePromptsLength() throws EngineException {
    RopeSpec spec =
        spec(
            "{'original_max_position_embeddings':128,'rope_scaling':{'type':'longrope',"
                + "'short_factor':[1,1,1,1,1,1,1,2],'long_factor':[4,4,4,4,4,4,4,4]}}");
    assertThat(spec.rotation().frequencies().get(7)).isCloseTo(1.581139e-4f, within(1e-9f));
    assertThat(spec.beyond().orElseThrow().promptLength()).isEqualTo(128);
    assertThat(spec.beyond().orElseThrow().rotation().frequencies().get(0)).isEqualTo(0.25f);
    // 512 positions of 128: the root of 1 + ln 4 / ln 128.
    assertThat(spec.rotation().magnitude()).isCloseTo(1.1338934f, within(1e-6f));
  }

  @Test
  void dynamicIsPlainWithinTheContext() throws EngineException {
    assertThat(rotation("{'rope_scaling':{'type':'dynamic','factor':4.0}}"))
        .isEqualTo(rotation("{}"));
  }

  @Test
  void onlyAPartOfAHeadMayRotate() throws EngineException {
    RopeSpec spec = spec("{'partial_rotary_factor':0.5}");
    assertThat(spec.rotation().frequencies()).hasSize(4);
    assertThat(spec.headWidth()).isEqualTo(16);
    assertThatThrownBy(
            () -> RopeConfig.of(config("{'partial_rotary_factor':0.5}")).requireWhole(config("{}")))
        .isInstanceOf(Unsupported.class)
        .hasMessageContaining("partial_rotary_factor 0.5");
  }

  @ParameterizedTest
  @CsvSource({"rope_type,mrope", "type,spiral"})
  void anUnknownKindIsRefusedByName(String key, String kind) {
    assertThatThrownBy(() -> spec("{'rope_scaling':{'%s':'%s'}}".formatted(key, kind)))
        .isInstanceOf(Unsupported.class)
        .hasMessageContainingAll(kind, "llama3");
  }

  @Test
  void aMissingKeyOfAKindIsNamed() {
    assertThatThrownBy(() -> spec("{'rope_scaling':{'rope_type':'linear'}}"))
        .isInstanceOf(BadModel.class)
        .hasMessageContainingAll("rope_scaling", "'factor' is missing");
  }

  @Test
  void longropeNeedsADivisorForEachPair() {
    assertThatThrownBy(
            () -> spec("{'rope_scaling':{'type':'longrope','short_factor':[1],'long_factor':[1]}}"))
        .hasMessageContaining("1 factors for 8 rotated pairs");
  }

  private static void assertFrequencies(Rotation rotation, float... expected) {
    assertThat(rotation.frequencies()).hasSize(expected.length);
    for (int i = 0; i < expected.length; i++) {
      assertThat(rotation.frequencies().get(i)).isCloseTo(expected[i], within(expected[i] * 3e-7f));
    }
  }

  private static Rotation rotation(String json) throws EngineException {
    return spec(json).rotation();
  }

  private static RopeSpec spec(String json) throws EngineException {
    return RopeConfig.of(config(json)).spec(16);
  }

  private static ModelConfig config(String json) throws BadModel {
    return ModelConfig.parse(json.replace('\'', '"'), "config.json")
        .withDefaults(java.util.Map.of("max_position_embeddings", 512));
  }
}
