package dev.brigade.gateway;

import static dev.brigade.gateway.RunningGateway.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.brigade.cluster.generation.FinishReason;
import java.util.List;
import org.junit.jupiter.api.Test;

class CompletionsTest {

  private static ScriptedNode repeating() {
    return new ScriptedNode(
        request -> {
          request.prefill();
          request.token("<" + LetterPrompts.text(request.asked.promptIds()) + ">");
          request.finish("", FinishReason.LENGTH);
        });
  }

  @Test
  void aTextIsCompleted() throws Exception {
    try (RunningGateway running = RunningGateway.of(repeating())) {
      JsonNode answer =
          json(running.post("/v1/completions", "{'model':'org/echo','prompt':'once','seed':1}"));

      assertThat(answer.get("id").asText()).startsWith("cmpl-");
      assertThat(answer.get("object").asText()).isEqualTo("text_completion");
      assertThat(answer.get("system_fingerprint").asText()).isEqualTo(ScriptedNode.PLAN.id());
      JsonNode choice = answer.get("choices").get(0);
      assertThat(choice.get("text").asText()).isEqualTo("<once>");
      assertThat(choice.get("finish_reason").asText()).isEqualTo("length");
      assertThat(choice.get("logprobs").isNull()).isTrue();
      assertThat(answer.get("usage").get("total_tokens").asInt()).isEqualTo(5);
    }
  }

  @Test
  void aListOfTextsIsAListOfPrompts() throws Exception {
    try (RunningGateway running = RunningGateway.of(repeating())) {
      JsonNode answer =
          json(
              running.post("/v1/completions", "{'model':'org/echo','prompt':['one','two'],'n':2}"));

      assertThat(answer.get("choices").findValuesAsText("text"))
          .containsExactly("<one>", "<one>", "<two>", "<two>");
      assertThat(answer.get("usage").get("prompt_tokens").asInt()).isEqualTo(6);
    }
  }

  @Test
  void idsAreUsedAsTheyAre() throws Exception {
    try (RunningGateway running = RunningGateway.of(repeating())) {
      running.post("/v1/completions", "{'model':'plain','prompt':[104,105]}");
      assertThat(running.node.next().asked.promptIds()).isEqualTo(List.of(104, 105));

      JsonNode answer =
          json(running.post("/v1/completions", "{'model':'plain','prompt':[[104],[105,106]]}"));
      assertThat(answer.get("choices").findValuesAsText("text")).containsExactly("<h>", "<ij>");
    }
  }

  @Test
  void aStreamIsMadeOfTextCompletions() throws Exception {
    try (RunningGateway running = RunningGateway.of(ScriptedNode.saying("a", "b"))) {
      List<JsonNode> chunks =
          ChatCompletionsTest.chunks(
              running
                  .post(
                      "/v1/completions",
                      "{'model':'org/echo','prompt':'x','stream':true,"
                          + "'stream_options':{'include_usage':true}}")
                  .body());

      assertThat(chunks).allMatch(c -> c.get("object").asText().equals("text_completion"));
      assertThat(chunks.subList(0, 3).stream().map(c -> c.get("choices").get(0).get("text")))
          .extracting(JsonNode::asText)
          .containsExactly("a", "b", "");
      assertThat(chunks.get(2).get("choices").get(0).get("finish_reason").asText())
          .isEqualTo("stop");
      assertThat(chunks.get(3).get("choices")).isEmpty();
      assertThat(chunks.get(3).get("usage").get("total_tokens").asInt()).isEqualTo(3);
    }
  }
}
