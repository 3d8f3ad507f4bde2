package dev.brigade.launcher.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;

class BenchEngineTest {
  /** How far two ways of one computation may differ; a wrong one is nowhere near. */
  private static final double ALIKE = 0.995;

  @TempDir Path temp;

  @Test
  void everyEngineDoesWhatItsBaselineDoes() throws Exception {
    Path json = temp.resolve("report.json");
    Path html = temp.resolve("report.html");
    String arguments =
        "bench engine --shape tiny --engines djl,ggml,onnx --precisions f32,bf16,int4,q8_0"
            + " --threads 1 --prefill 24 --decode 4 --sequences 2 --repeats 1"
            + " --json %s --html %s";

    try (BrigadeProcess bench =
        BrigadeProcess.start(Map.of(), arguments.formatted(json, html).split(" "))) {
      int status = bench.awaitEnd();
      assertThat(status).as(bench.output()).isZero();
    }

    JsonNode report = new ObjectMapper().readTree(json.toFile());
    List<String> measured = new ArrayList<>();
    for (JsonNode result : report.get("results")) {
      measured.add(result.get("engine").textValue() + " " + result.get("precision").textValue());
      assertThat(result.at("/baseline/agreement").doubleValue())
          .as(result.toString())
          .isGreaterThan(ALIKE);
      for (String side : List.of("/prefill", "/decode", "/baseline/prefill", "/baseline/decode")) {
        assertThat(result.at(side + "/tokens_per_s/median").doubleValue()).as(side).isPositive();
      }
      assertThat(result.at("/baseline/ratio/decode/median").doubleValue()).isPositive();
      assertThat(result.at("/together/factor").doubleValue()).isPositive();
    }
    assertThat(measured)
        .containsExactly(
            "djl f32", "djl bf16", "ggml f32", "ggml bf16", "ggml q8_0", "onnx f32", "onnx int4");
    assertThat(report.at("/results/2/native_share_of_decode").doubleValue()).isBetween(0.01, 1.0);
    assertIsPage(html);
  }

  private static void assertIsPage(Path html) throws Exception {
    String text = Files.readString(html);
    assertThat(text).startsWith("<!DOCTYPE html>").doesNotContain("<script", "http:", "https:");
    String xml = text.substring(text.indexOf("<html"));
    Document document =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(new ByteArrayInputStream(xml.getBytes(StandardCharsets.UTF_8)));
    assertThat(document.getElementsByTagName("svg").getLength()).isEqualTo(4);
    assertThat(document.getElementsByTagName("tr").getLength()).isEqualTo(1 + 7);
  }
}
