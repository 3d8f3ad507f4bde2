package dev.brigade.launcher.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.brigade.launcher.plugins.PluginCatalog;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/** What Brigade is for: unlike engines in one pipeline. */
class UnlikeEnginesTest {

  @Test
  void aPipelineOfFiveStagesOnFourEnginesTellsThePublishedStory() throws Exception {
    JsonNode story = story();
    List<Integer> published = integers(story.get("new_ids"));
    List<String> engines = engines();
    CommandRun run =
        CommandRun.of(
            "generate",
            "--model",
            "bundled/pocket",
            "--engines",
            String.join(",", engines),
            "--split",
            "2,3,5,6",
            "--dtype",
            "f32",
            "--max-tokens",
            String.valueOf(published.size()),
            "--json",
            "--ignore-eos",
            "--ids",
            integers(story.get("input_ids")).stream()
                .map(String::valueOf)
                .collect(Collectors.joining(",")));

    assertThat(run.status()).as(run.err()).isZero();
    JsonNode result = run.json();
    assertThat(result.get("stages"))
        .extracting(stage -> stage.get("engine").textValue())
        .containsExactlyElementsOf(engines);
    assertThat(integers(result.get("tokens"))).isEqualTo(published);
    assertThat(result.get("text").textValue())
        .startsWith("There once was an old fox named Teddy who lived in a big city.")
        .contains("one day they found a lantern.");
  }

  /** Four, and the first once more; on a machine without MLX the reference takes its place. */
  private static List<String> engines() {
    List<String> usable = PluginCatalog.scan(List.of(), problem -> {}).engines();
    List<String> engines = new ArrayList<>();
    for (String engine : List.of("djl", "onnx", "ggml", "mlx", "reference")) {
      if (usable.contains(engine) && engines.size() < 4) {
        engines.add(engine);
      }
    }
    assertThat(engines).as("usable: " + usable).hasSize(4);
    engines.add(engines.get(0));
    return engines;
  }

  private static JsonNode story() throws Exception {
    Path file = Path.of(System.getProperty("brigade.home"), "bundled/pocket-making/golden.json");
    return new ObjectMapper().readTree(file.toFile()).get("cases").get(0);
  }

  private static List<Integer> integers(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false).map(JsonNode::intValue).toList();
  }
}
