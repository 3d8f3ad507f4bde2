package dev.brigade.gateway;

import static dev.brigade.gateway.RunningGateway.JSON;
import static dev.brigade.gateway.RunningGateway.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.brigade.cluster.RequestException;
import dev.brigade.cluster.generation.FinishReason;
import dev.brigade.gateway.http.HttpLimits;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ChatCompletionsTest {
  private static final String HELLO =
      "{'model':'org/echo','messages':[{'role':'user','content':'hello'}]";

  @Test
  void anAnswerIsOneChatCompletion() throws Exception {
    try (RunningGateway running = RunningGateway.of(ScriptedNode.saying("Good", " day", "!"))) {
      HttpResponse<String> response = running.post("/v1/chat/completions", HELLO + "}");

      assertThat(response.statusCode()).isEqualTo(200);
      assertThat(response.headers().firstValue("content-type")).contains("application/json");
      ObjectNode answer = (ObjectNode) json(response);
      int prompt = running.node.next().asked.promptIds().size();
      assertThat(answer.remove("id").asText()).matches("chatcmpl-[0-9a-f]{32}");
      assertThat(answer.remove("created").asLong()).isPositive();
      assertThat(answer)
          .isEqualTo(
              read(
                  "{'object':'chat.completion','model':'org/echo','system_fingerprint':'"
                      + ScriptedNode.PLAN.id()
                      + "','choices':[{'index':0,'message':{'role':'assistant','content':"
                      + "'Good day!','refusal':null},'logprobs':null,'finish_reason':'stop'}],"
                      + "'usage':{'prompt_tokens':"
                      + prompt
                      + ",'completion_tokens':3,'total_tokens':"
                      + (prompt + 3)
                      + "}}"));
    }
  }

  @Test
  void aStreamHasTheRoleFirstThenTextThenTheReason() throws Exception {
    try (RunningGateway running = RunningGateway.of(ScriptedNode.saying("Good", "", " day"))) {
      HttpResponse<String> response =
          running.post("/v1/chat/completions", HELLO + ",'stream':true}");

      assertThat(response.headers().firstValue("content-type"))
          .contains("text/event-stream; charset=utf-8");
      List<JsonNode> chunks = chunks(response.body());
      assertThat(chunks).allMatch(c -> c.get("object").asText().equals("chat.completion.chunk"));
      assertThat(chunks).allMatch(c -> c.get("model").asText().equals("org/echo"));
      assertThat(chunks).allMatch(c -> !c.has("usage"));
      assertThat(chunks.stream().map(c -> c.get("id")).distinct()).hasSize(1);
      assertThat(chunks.stream().map(c -> c.get("system_fingerprint").asText()).distinct())
          .containsExactly(ScriptedNode.PLAN.id());
      assertThat(chunks.stream().map(c -> c.get("choices").get(0)))
          .containsExactly(
              chunk("{'role':'assistant','content':''}", "null"),
              chunk("{'content':'Good'}", "null"),
              chunk("{'content':' day'}", "null"),
              chunk("{}", "'stop'"));
    }
  }

  @Test
  void aStreamEndsWithTheCountsIfTheyAreAskedFor() throws Exception {
    try (RunningGateway running = RunningGateway.of(ScriptedNode.saying("a", "b"))) {
      HttpResponse<String> response =
          running.post(
              "/v1/chat/completions",
              HELLO + ",'stream':true,'stream_options':{'include_usage':true}}");

      List<JsonNode> chunks = chunks(response.body());
      JsonNode last = chunks.get(chunks.size() - 1);
      assertThat(last.get("choices")).isEmpty();
      assertThat(last.get("usage").get("completion_tokens").asInt()).isEqualTo(2);
      assertThat(chunks.get(chunks.size() - 2).get("choices").get(0).get("finish_reason").asText())
          .isEqualTo("stop");
    }
  }

  @Test
  void textThatWasHeldBackComesBeforeTheReason() throws Exception {
    ScriptedNode node =
        new ScriptedNode(
            request -> {
              request.prefill();
              request.token("");
              request.finish("rest", FinishReason.LENGTH);
            });
    try (RunningGateway running = RunningGateway.of(node)) {
      List<JsonNode> chunks =
          chunks(running.post("/v1/chat/completions", HELLO + ",'stream':true}").body());

      assertThat(chunks.get(1).get("choices").get(0))
          .isEqualTo(chunk("{'content':'rest'}", "null"));
      assertThat(chunks.get(2).get("choices").get(0)).isEqualTo(chunk("{}", "'length'"));
    }
  }

  @Test
  void severalChoicesAreDrawnWithSeedsOfTheirOwnAndThePromptCountsOnce() throws Exception {
    ScriptedNode node =
        new ScriptedNode(
            request -> {
              request.prefill();
              request.token("seed " + request.asked.sampling().seed());
              request.finish("", FinishReason.STOP);
            });
    try (RunningGateway running = RunningGateway.of(node)) {
      JsonNode answer = json(running.post("/v1/chat/completions", HELLO + ",'n':6,'seed':40}"));

      assertThat(answer.get("choices")).hasSize(6);
      for (int i = 0; i < 6; i++) {
        JsonNode choice = answer.get("choices").get(i);
        assertThat(choice.get("index").asInt()).isEqualTo(i);
        assertThat(choice.get("message").get("content").asText()).isEqualTo("seed " + (40 + i));
      }
      assertThat(answer.get("usage").get("prompt_tokens").asInt())
          .isEqualTo(node.next().asked.promptIds().size());
      assertThat(answer.get("usage").get("completion_tokens").asInt()).isEqualTo(6);
    }
  }

  @Test
  void streamedChoicesAreToldApartByTheirIndex() throws Exception {
    try (RunningGateway running = RunningGateway.of(ScriptedNode.saying("x", "y"))) {
      List<JsonNode> chunks =
          chunks(running.post("/v1/chat/completions", HELLO + ",'n':3,'stream':true}").body());

      for (int i = 0; i < 3; i++) {
        int index = i;
        assertThat(
                chunks.stream()
                    .map(c -> c.get("choices").get(0))
                    .filter(c -> c.get("index").asInt() == index)
                    .map(c -> c.get("delta").path("content").asText("-")))
            .containsExactly("", "x", "y", "-");
      }
    }
  }

  @Test
  void messagesReachTheTemplateInItsConventions() throws Exception {
    try (RunningGateway running = RunningGateway.of(ScriptedNode.saying("ok"))) {
      String call = "{'id':'c1','type':'function','function':{'name':'f','arguments':'{}'}}";
      running.post(
          "/v1/chat/completions",
          "{'model':'org/echo','tools':[{'type':'function','function':{'name':'f'}}],"
              + "'chat_template_kwargs':{'enable_thinking':false},'messages':["
              + "{'role':'developer','content':'be brief'},"
              + "{'role':'user','content':[{'type':'text','text':'a'},{'type':'text','text':'b'}]},"
              + "{'role':'assistant','content':null,'tool_calls':["
              + call
              + "]},{'role':'tool','tool_call_id':'c1','content':'42'}]}");

      assertThat(LetterPrompts.text(running.node.next().asked.promptIds()).replace('"', '\''))
          .isEqualTo(
              "[{'role':'system','content':'be brief'}, {'role':'user','content':'a\\nb'},"
                  + " {'role':'assistant','tool_calls':["
                  + call.replace("'{}'", "{}")
                  + "]}, {'role':'tool','content':'42','tool_call_id':'c1'}]"
                  + "[{'type':'function','function':{'name':'f'}}]{enable_thinking=false}");
    }
  }

  @Test
  void aSilentStreamShowsThatItIsAliveAndStillTellsOfItsFailure() throws Exception {
    CountDownLatch goOn = new CountDownLatch(1);
    ScriptedNode node =
        new ScriptedNode(
            request -> {
              goOn.await();
              request.fail(RequestException.Kind.OUT_OF_MEMORY, "9 of 7 GiB");
            });
    try (RunningGateway running = RunningGateway.of(node, RunningGateway.QUICK)) {
      HttpResponse<Stream<String>> response =
          running
              .client()
              .send(
                  running.posting("/v1/chat/completions", HELLO + ",'stream':true}").build(),
                  HttpResponse.BodyHandlers.ofLines());
      Iterator<String> lines = response.body().iterator();

      assertThat(lines.next()).isEqualTo(": still here");
      goOn.countDown();
      List<String> events = new ArrayList<>();
      lines.forEachRemaining(line -> events.add(line));
      events.removeIf(line -> line.isEmpty() || line.startsWith(":"));
      assertThat(events).singleElement().asString().contains("9 of 7 GiB").contains("\"error\"");
    }
  }

  @Test
  void withoutLimitsTheAnswerMayFillTheContext() throws Exception {
    try (RunningGateway running = RunningGateway.of(ScriptedNode.saying("x"), HttpLimits.DEFAULT)) {
      running.post("/v1/chat/completions", HELLO + "}");

      var asked = running.node.next().asked;
      assertThat(asked.maxTokens()).isEqualTo(LetterPrompts.CONTEXT - asked.promptIds().size());
    }
  }

  static List<JsonNode> chunks(String body) throws Exception {
    List<JsonNode> chunks = new ArrayList<>();
    String[] events = body.split("\n\n");
    for (int i = 0; i < events.length; i++) {
      assertThat(events[i]).startsWith("data: ").doesNotContain("\n");
      if (i == events.length - 1) {
        assertThat(events[i]).isEqualTo("data: [DONE]");
      } else {
        chunks.add(JSON.readTree(events[i].substring(6)));
      }
    }
    return chunks;
  }

  private static JsonNode chunk(String delta, String reason) throws Exception {
    return read("{'index':0,'delta':" + delta + ",'logprobs':null,'finish_reason':" + reason + "}");
  }

  private static JsonNode read(String json) throws Exception {
    return JSON.readTree(json.replace('\'', '"'));
  }
}
