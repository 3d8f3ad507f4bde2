package dev.brigade.launcher.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BenchHopCommandTest {
  @TempDir Path temp;

  @Test
  void everySizeGoesThereAndBackWithoutASecretAndWithOne() throws Exception {
    Path json = temp.resolve("hop.json");

    CommandRun run =
        CommandRun.of(
            "bench", "hop", "--sizes", "64,300000", "--repeats", "5", "--json", json.toString());

    assertThat(run.status()).as(run.err()).isZero();
    List<String> measured = new ArrayList<>();
    for (JsonNode result : new ObjectMapper().readTree(json.toFile()).get("results")) {
      measured.add(result.get("secured").booleanValue() + " " + result.get("bytes").intValue());
      double median = result.get("median_ms").doubleValue();
      assertThat(result.get("least_ms").doubleValue()).isPositive().isLessThanOrEqualTo(median);
      assertThat(median).isLessThanOrEqualTo(result.get("p99_ms").doubleValue());
    }
    assertThat(measured).containsExactly("false 64", "false 300000", "true 64", "true 300000");
    assertThat(run.out()).contains("vertx", "median ms", "300000");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"--sizes 0 | --sizes has 0", "--repeats 0 | --repeats is 0"})
  void whatCannotBeMeasuredIsOneLine(String arguments, String reason) {
    CommandRun run = CommandRun.of(("bench hop " + arguments).split(" "));

    assertThat(run.status()).isEqualTo(2);
    assertThat(run.err()).contains(reason);
    assertThat(run.err().strip().lines()).hasSize(1);
  }
}
