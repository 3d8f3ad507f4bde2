package dev.brigade.model.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.brigade.spi.engine.EngineException.BadModel;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class GenerationDefaultsTest {

  @Test
  void theGenerationConfigCountsMoreThanTheConfig() throws BadModel {
    GenerationDefaults defaults =
        GenerationDefaults.of(
            config("{'eos_token_id':1,'bos_token_id':0,'temperature':0.5}"),
            Optional.of(config("{'eos_token_id':[5,6],'do_sample':true,'top_k':40}")));
    assertThat(defaults.eosIds()).containsExactly(5, 6);
    assertThat(defaults.bosId()).hasValue(0);
    assertThat(defaults.sample()).isTrue();
    assertThat(defaults.temperature()).hasValue(0.5);
    assertThat(defaults.topK()).hasValue(40);
    assertThat(defaults.topP()).isEmpty();
  }

  @Test
  void nothingSaidIsGreedyWithoutEnd() throws BadModel {
    GenerationDefaults defaults = GenerationDefaults.of(config("{}"), Optional.empty());
    assertThat(defaults.eosIds()).isEmpty();
    assertThat(defaults.bosId()).isEmpty();
    assertThat(defaults.sample()).isFalse();
  }

  private static ModelConfig config(String json) throws BadModel {
    return ModelConfig.parse(json.replace('\'', '"'), "test.json");
  }
}
