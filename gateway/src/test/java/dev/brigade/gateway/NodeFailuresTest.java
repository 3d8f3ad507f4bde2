package dev.brigade.gateway;

import static dev.brigade.gateway.RunningGateway.error;
import static dev.brigade.gateway.RunningGateway.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.brigade.cluster.RequestException.Kind;
import dev.brigade.cluster.generation.FinishReason;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NodeFailuresTest {
  private static final String PROMPT = "{'model':'org/echo','prompt':'x'";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          INVALID          | 400 invalid_request_error null null
          CONTEXT_EXCEEDED | 400 invalid_request_error null context_length_exceeded
          MODEL_NOT_FOUND  | 404 invalid_request_error model model_not_found
          BAD_MODEL        | 500 server_error model bad_model
          OUT_OF_MEMORY    | 503 server_error null out_of_memory
          UNAVAILABLE      | 503 server_error null unavailable
          INTERNAL         | 500 server_error null null
          """)
  void whatFailsBeforeTheAnswerBeginsHasAStatus(Kind kind, String expected) throws Exception {
    try (RunningGateway running = RunningGateway.of(ScriptedNode.failing(kind, "9 of 7 GiB"))) {
      for (String stream : new String[] {"}", ",'stream':true}"}) {
        HttpResponse<String> response = running.post("/v1/completions", PROMPT + stream);

        assertThat(error(response)).isEqualTo(expected);
        assertThat(json(response).at("/error/message").asText()).isEqualTo("9 of 7 GiB");
        assertThat(response.headers().firstValue("retry-after").isPresent())
            .isEqualTo(response.statusCode() == 503);
      }
    }
  }

  @Test
  void whatFailsInMidStreamIsTheLastEvent() throws Exception {
    ScriptedNode node =
        new ScriptedNode(
            request -> {
              request.prefill();
              request.token("so far");
              request.fail(Kind.UNAVAILABLE, "node-b is lost");
            });
    try (RunningGateway running = RunningGateway.of(node)) {
      String body = running.post("/v1/completions", PROMPT + ",'stream':true}").body();

      String[] events = body.split("\n\n");
      assertThat(events).hasSize(2);
      assertThat(events[0]).contains("so far");
      assertThat(events[1])
          .isEqualTo(
              "data: {\"error\":{\"message\":\"node-b is lost\",\"type\":\"server_error\","
                  + "\"param\":null,\"code\":\"unavailable\"}}");
    }
  }

  @Test
  void anAnswerThatIsNotStreamedFailsWhole() throws Exception {
    ScriptedNode node =
        new ScriptedNode(
            request -> {
              request.prefill();
              request.token("so far");
              request.fail(Kind.UNAVAILABLE, "node-b is lost");
            });
    try (RunningGateway running = RunningGateway.of(node)) {
      assertThat(error(running.post("/v1/completions", PROMPT + "}")))
          .isEqualTo("503 server_error null unavailable");
    }
  }

  @Test
  void whatTheNodeGaveUpIsNoAnswer() throws Exception {
    ScriptedNode node =
        new ScriptedNode(
            request -> {
              request.prefill();
              request.finish("", FinishReason.CANCELLED);
            });
    try (RunningGateway running = RunningGateway.of(node)) {
      assertThat(error(running.post("/v1/completions", PROMPT + "}")))
          .isEqualTo("503 server_error null unavailable");
    }
  }

  @Test
  void oneChoiceThatFailsEndsTheOthers() throws Exception {
    ScriptedNode node =
        new ScriptedNode(
            request -> {
              if (request.asked.sampling().seed() == 11) {
                request.fail(Kind.OUT_OF_MEMORY, "9 of 7 GiB");
              }
            });
    try (RunningGateway running = RunningGateway.of(node)) {
      assertThat(error(running.post("/v1/completions", PROMPT + ",'n':2,'seed':10}")))
          .isEqualTo("503 server_error null out_of_memory");
      node.next().awaitCancelled();
    }
  }

  @Test
  void aDefectIsToldByNumberAndNotInWords() throws Exception {
    ScriptedNode node =
        new ScriptedNode(request -> {}) {
          @Override
          void arrived(Request request) {
            throw new IllegalStateException("secret detail");
          }
        };
    try (RunningGateway running = RunningGateway.of(node)) {
      HttpResponse<String> response = running.post("/v1/completions", PROMPT + "}");

      assertThat(error(response)).isEqualTo("500 server_error null null");
      assertThat(response.body())
          .doesNotContain("secret")
          .contains(response.headers().firstValue("x-request-id").orElseThrow());
    }
  }
}
