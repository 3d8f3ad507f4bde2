package dev.brigade.model.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.brigade.spi.engine.EngineException.BadModel;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelConfigTest {

  @Test
  void numbersAreReadHoweverTheyAreWritten() throws BadModel {
    ModelConfig config = config("{'a':8,'b':8.0,'c':1e-06,'d':Infinity}");
    assertThat(config.positive("a")).isEqualTo(8);
    assertThat(config.positive("b")).isEqualTo(8);
    assertThat(config.number("c")).isEqualTo(1e-6);
    assertThat(config.number("d")).isInfinite();
  }

  @Test
  void nullCountsAsAbsent() throws BadModel {
    ModelConfig config = config("{'a':null}");
    assertThat(config.has("a")).isFalse();
    assertThat(config.positive("a", 5)).isEqualTo(5);
    assertThat(config.text("a", "x")).isEqualTo("x");
    assertThat(config.section("a")).isEmpty();
    assertThat(config.counts("a")).isEmpty();
  }

  @Test
  void defaultsFillInWhatIsAbsentButNotWhatIsNull() throws BadModel {
    ModelConfig config = config("{'a':null}").withDefaults(Map.of("a", 4096, "b", 7));
    assertThat(config.has("a")).isFalse();
    assertThat(config.positive("b")).isEqualTo(7);
  }

  @Test
  void errorsNameTheKeyWhatWasFoundAndWhatWasExpected() {
    assertThatThrownBy(() -> config("{}").positive("hidden_size"))
        .isInstanceOf(BadModel.class)
        .hasMessage("test.json: 'hidden_size' is missing, expected a whole number above 0");
    assertThatThrownBy(() -> config("{'hidden_size':'wide'}").positive("hidden_size"))
        .hasMessage("test.json: 'hidden_size' is \"wide\", expected a whole number above 0");
    assertThatThrownBy(() -> config("{'hidden_size':0}").positive("hidden_size"))
        .hasMessageContaining("is 0");
    assertThatThrownBy(() -> config("{'hidden_size':2.5}").positive("hidden_size"))
        .hasMessageContaining("is 2.5");
    assertThatThrownBy(() -> config("{'tied':'yes'}").flag("tied", true))
        .hasMessage("test.json: 'tied' is \"yes\", expected true or false");
    assertThatThrownBy(() -> config("{'eps':true}").number("eps"))
        .hasMessage("test.json: 'eps' is true, expected a number");
    assertThatThrownBy(() -> config("{'rope':{'x':[]}}").section("rope").get().text("x"))
        .hasMessage("test.json, rope: 'x' is [], expected a text");
    assertThatThrownBy(() -> config("{'rope':1}").section("rope"))
        .hasMessage("test.json: 'rope' is 1, expected an object");
    assertThatThrownBy(() -> config("{'factors':[1,'x']}").numbers("factors"))
        .hasMessageContaining("'factors' is \"x\"");
  }

  @Test
  void aListOfIdsMayBeASingleOne() throws BadModel {
    assertThat(config("{'eos':2}").counts("eos")).containsExactly(2);
    assertThat(config("{'eos':[2,3]}").counts("eos")).containsExactly(2, 3);
  }

  @Test
  void theFirstSectionThatIsNotEmptyCounts() throws BadModel {
    ModelConfig config = config("{'a':null,'b':{},'c':{'x':1}}");
    assertThat(config.firstSection("a", "b", "c").positive("x")).isEqualTo(1);
    assertThat(config.firstSection("a", "b").has("x")).isFalse();
  }

  @Test
  void aFileThatIsMissingOrNoJsonIsNamed(@TempDir Path folder) {
    Path file = folder.resolve("config.json");
    assertThatThrownBy(() -> ModelConfig.read(file))
        .isInstanceOf(BadModel.class)
        .hasMessageContaining("config.json is missing");
    assertThatThrownBy(() -> config("{")).hasMessageContaining("test.json is not JSON");
    assertThatThrownBy(() -> config("[]")).hasMessageContaining("test.json is no JSON object");
  }

  private static ModelConfig config(String json) throws BadModel {
    return ModelConfig.parse(json.replace('\'', '"'), "test.json");
  }
}
