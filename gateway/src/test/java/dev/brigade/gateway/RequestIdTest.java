package dev.brigade.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.brigade.cluster.generation.RequestId;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A request has one name for the client, for the node and in the logs. */
class RequestIdTest {
  private static final String PROMPT = "{'model':'org/echo','prompt':'x'}";

  @Test
  void theClientsNameIsPassedOnAndGivenBack() throws Exception {
    try (RunningGateway running = RunningGateway.of(ScriptedNode.saying("x"))) {
      HttpResponse<String> response =
          running.send(
              running.posting("/v1/completions", PROMPT).header("X-Request-Id", "Job_7.a-b"));
      assertThat(response.headers().allValues("x-request-id")).containsExactly("Job_7.a-b");
      assertThat(running.node.next().asked.id()).contains(new RequestId("Job_7.a-b"));
    }
  }

  @Test
  void aRequestWithoutANameGetsOneOfItsOwn() throws Exception {
    try (RunningGateway running = RunningGateway.of(ScriptedNode.saying("x"))) {
      HttpResponse<String> response = running.post("/v1/completions", PROMPT);
      String name = response.headers().firstValue("x-request-id").orElseThrow();
      assertThat(name).startsWith("req_");
      assertThat(running.node.next().asked.id()).contains(new RequestId(name));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "X-Request-Id: a b",
        "X-Request-Id: a\tevent=finished",
        "X-Request-Id: \u00e9",
        "X-Request-Id: a\"",
        "X-Request-Id: ",
        "X-Request-Id: one\r\nX-Request-Id: two",
        "X-Request-Id: 12345678901234567890123456789012345678901234567890123456789012345",
      })
  void aNameThatIsNotWellFormedIsReplaced(String header) throws Exception {
    try (RunningGateway running = RunningGateway.of(ScriptedNode.saying("x"));
        Socket socket = running.connect()) {
      String request = "GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n";
      socket
          .getOutputStream()
          .write((request + header + "\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1));
      String answer =
          new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
      assertThat(answer).startsWith("HTTP/1.1 200");
      assertThat(answer.lines().filter(line -> line.startsWith("x-request-id: ")))
          .singleElement()
          .asString()
          .matches("x-request-id: req_[0-9a-f]{32}");
    }
  }
}
