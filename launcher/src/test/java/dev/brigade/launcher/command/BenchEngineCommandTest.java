package dev.brigade.launcher.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BenchEngineCommandTest {
  @TempDir Path temp;

  @Test
  void anEngineWithoutBaselineIsMeasuredAlone() throws Exception {
    Path json = temp.resolve("report.json");

    CommandRun run =
        CommandRun.of(
            "bench",
            "engine",
            "--model",
            "bundled/pocket",
            "--engines",
            "reference",
            "--precisions",
            "f32",
            "--prefill",
            "8",
            "--decode",
            "4",
            "--sequences",
            "3",
            "--repeats",
            "2",
            "--json",
            json.toString());

    assertThat(run.status()).as(run.err()).isZero();
    assertThat(run.out()).contains("reference", "3 at once", "brings no baseline");
    JsonNode report = new ObjectMapper().readTree(json.toFile());
    assertThat(report.at("/model/name").textValue()).isEqualTo("bundled/pocket");
    assertThat(report.at("/settings/repeats").intValue()).isEqualTo(2);
    assertThat(report.at("/results")).hasSize(1);
    JsonNode result = report.at("/results/0");
    assertThat(result.get("engine").textValue()).isEqualTo("reference");
    assertThat(result.get("precision").textValue()).isEqualTo("f32");
    assertThat(result.at("/bytes/weights").longValue()).isPositive();
    assertThat(result.at("/bytes/kv").longValue()).isPositive();
    assertTimed(result.get("prefill"), 8);
    assertTimed(result.get("decode"), 4);
    assertTimed(result.get("together"), 3 * 2);
    assertThat(result.at("/together/sequences").intValue()).isEqualTo(3);
    assertThat(result.get("no_baseline").textValue()).isNotBlank();
    assertThat(result.has("baseline")).isFalse();
  }

  private static void assertTimed(JsonNode timing, int tokens) {
    assertThat(timing.get("tokens").intValue()).isEqualTo(tokens);
    assertThat(timing.get("seconds")).hasSize(2);
    double least = timing.at("/tokens_per_s/least").doubleValue();
    double median = timing.at("/tokens_per_s/median").doubleValue();
    assertThat(least).isPositive().isLessThanOrEqualTo(median);
    assertThat(median).isLessThanOrEqualTo(timing.at("/tokens_per_s/most").doubleValue());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "2 | bench | say what to measure",
        "2 | bench engine --shape huge | 'huge' is not known; known are tiny, 100m, llama-1b",
        "2 | bench engine --shape tiny --stored f64 | want bf16 or f32",
        "2 | bench engine --shape tiny --model bundled/pocket | want one of them",
        "2 | bench engine --model bundled/pocket --repeats 0 | --repeats is 0",
        "2 | bench engine --model bundled/pocket --prefill 1024 | context of 1024",
        "2 | bench engine --model bundled/pocket --engines referenz | nearest is 'reference'",
        "2 | bench engine --model bundled/pocket --engines reference --precisions q9 | q9",
        "1 | bench engine --model bundled/poket | there is no model 'bundled/poket'",
      })
  void whatCannotBeMeasuredIsOneLine(int status, String arguments, String reason) {
    CommandRun run = CommandRun.of(arguments.split(" "));

    assertThat(run.err()).contains(reason);
    assertThat(run.err().strip().lines()).as(run.err()).hasSize(1);
    assertThat(run.status()).isEqualTo(status);
    assertThat(run.out()).isEmpty();
  }
}
