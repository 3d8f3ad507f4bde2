package dev.brigade.launcher.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GenerateCommandTest {
  private static final int ANSWER_TOKENS = 24;
  @TempDir Path temp;

  @ParameterizedTest(name = "[{index}] {0}")
  @CsvSource(
      delimiter = ';',
      value = {
        "--engines reference",
        "--engines reference --split 3,6",
        "--engines reference,reference"
      })
  void theBundledModelAnswersAsItDidWhenItWasMade(String engines) throws Exception {
    JsonNode golden = golden().get(0);

    JsonNode result = generate(golden, engines.split(" ")).json();

    assertThat(integers(result.get("prompt_ids"))).isEqualTo(integers(golden.get("input_ids")));
    assertThat(integers(result.get("tokens")))
        .isEqualTo(integers(golden.get("new_ids")).subList(0, ANSWER_TOKENS));
    assertThat(result.get("finish_reason").textValue()).isEqualTo("length");
    assertThat(result.get("decode_tokens_per_s").doubleValue()).isPositive();
  }

  @Test
  void stagesAreCutBeforeTheLayersOfSplit() throws Exception {
    JsonNode result = generate(golden().get(0), "--engines", "reference", "--split", "3,6").json();

    List<List<Integer>> layers = new ArrayList<>();
    for (JsonNode stage : result.get("stages")) {
      layers.add(integers(stage.get("layers")));
      assertThat(stage.get("engine").textValue()).isEqualTo("reference");
      assertThat(stage.get("bytes").longValue()).isPositive();
      assertThat(stage.has("load_ms")).isTrue();
    }
    assertThat(layers).containsExactly(List.of(0, 3), List.of(3, 6), List.of(6, 8));
  }

  @Test
  void logitsAreThoseOfTheLastPromptPosition() throws Exception {
    JsonNode golden = golden().get(0);

    JsonNode logits = generate(golden, "--engines", "reference", "--logits").json().get("logits");

    assertThat(logits).hasSize(2048);
    for (JsonNode pair : golden.get("first_top5")) {
      assertThat(logits.get(pair.get(0).intValue()).doubleValue())
          .isCloseTo(pair.get(1).doubleValue(), org.assertj.core.data.Offset.offset(2e-3));
    }
  }

  @Test
  void aModelWithoutTokenizerWorksWithIds() throws Exception {
    for (String file : List.of("config.json", "generation_config.json", "model.safetensors")) {
      Files.copy(
          Path.of(System.getProperty("brigade.home"), "bundled/pocket", file), temp.resolve(file));
    }

    CommandRun run =
        CommandRun.of(
            "generate",
            "--model",
            temp.toString(),
            "--ids",
            "0,2,403",
            "--engines",
            "reference",
            "--max-tokens",
            "4",
            "--json");

    assertThat(run.status()).as(run.err()).isZero();
    assertThat(run.json().get("tokens")).hasSize(4);
    assertThat(run.json().get("text").textValue()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "2 | --model bundled/pocket | Missing required",
        "2 | --model bundled/pocket --ids 1 --temprature 1 | --temprature",
        "2 | --model bundled/pocket --ids 1 --engines a,b --split 2,4 | makes 3 stages, but --engines names 2",
        "2 | --model bundled/pocket --ids 1 --engines referenz | the nearest is 'reference'",
        "2 | --model bundled/pocket --ids 1 --logits | --logits is for --json",
        "2 | --model bundled/pocket --ids 1 --top-p 2 | top_p is 2.0, allowed is above 0, at most 1",
        "1 | --model bundled/poket --ids 1 | there is no model 'bundled/poket'; bundled here: [bundled/pocket]",
        "1 | --model bundled/pocket --ids 1 --engines reference --split 6,3 | do not ascend",
        "1 | --model bundled/pocket --ids 1 --engines reference --max-tokens 5000 | 1024",
        "1 | --model bundled/pocket --ids 99999 --engines reference | 99999",
      })
  void whatCannotBeDoneIsOneLine(int status, String arguments, String reason) {
    CommandRun run = CommandRun.of(("generate " + arguments).split(" "));

    assertThat(run.err()).contains(reason);
    assertThat(run.err().strip().lines()).as(run.err()).hasSize(1);
    assertThat(run.status()).isEqualTo(status);
    assertThat(run.out()).isEmpty();
  }

  private static CommandRun generate(JsonNode golden, String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "generate",
                "--model",
                "bundled/pocket",
                "--json",
                "--ignore-eos",
                "--dtype",
                "f32",
                "--max-tokens",
                String.valueOf(ANSWER_TOKENS),
                "--ids",
                integers(golden.get("input_ids")).stream()
                    .map(String::valueOf)
                    .collect(Collectors.joining(","))));
    arguments.addAll(List.of(more));
    CommandRun run = CommandRun.of(arguments.toArray(String[]::new));
    assertThat(run.status()).as(run.err()).isZero();
    return run;
  }

  private static JsonNode golden() throws IOException {
    Path file = Path.of(System.getProperty("brigade.home"), "bundled/pocket-making/golden.json");
    return new ObjectMapper().readTree(file.toFile()).get("cases");
  }

  private static List<Integer> integers(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false).map(JsonNode::intValue).toList();
  }
}
