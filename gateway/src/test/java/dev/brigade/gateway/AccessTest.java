package dev.brigade.gateway;

import static dev.brigade.gateway.RunningGateway.error;
import static dev.brigade.gateway.RunningGateway.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.brigade.gateway.http.HttpLimits;
import dev.brigade.gateway.openai.SamplingDefaults;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AccessTest {
  private static RunningGateway locked() throws Exception {
    return RunningGateway.of(
        ScriptedNode.saying("ok"),
        HttpLimits.DEFAULT,
        List.of("first-key", "second-key"),
        SamplingDefaults.PLAIN);
  }

  @Test
  void withKeysEveryRouteButHealthWantsOne() throws Exception {
    try (RunningGateway running = locked()) {
      for (String path : List.of("/v1/models", "/v1/models/org/echo", "/cluster", "/v1/other")) {
        assertThat(error(running.get(path)))
            .isEqualTo("401 invalid_request_error null invalid_api_key");
      }
      assertThat(error(running.post("/v1/completions", "{'model':'org/echo','prompt':'x'}")))
          .isEqualTo("401 invalid_request_error null invalid_api_key");
      assertThat(running.get("/v1/models").headers().firstValue("www-authenticate"))
          .contains("Bearer");
      assertThat(running.get("/health").statusCode()).isEqualTo(200);
    }
  }

  @Test
  void anyOfTheKeysOpens() throws Exception {
    try (RunningGateway running = locked()) {
      for (String header : List.of("Bearer first-key", "bearer second-key")) {
        assertThat(
                running
                    .send(running.request("/v1/models").header("Authorization", header))
                    .statusCode())
            .isEqualTo(200);
      }
      for (String header : List.of("Bearer third", "Bearer ", "first-key", "Basic first-key")) {
        assertThat(error(running.send(running.request("/cluster").header("Authorization", header))))
            .isEqualTo("401 invalid_request_error null invalid_api_key");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/v1/../cluster", "//cluster", "/%63luster", "/v1//models", "/cluster/"})
  void aPathThatIsWrittenAnotherWayNeedsTheKeyToo(String path) throws Exception {
    try (RunningGateway running = locked();
        Socket socket = running.connect()) {
      assertThat(answer(socket, "GET " + path + " HTTP/1.1\r\nHost: x\r\n\r\n"))
          .matches("(?s)HTTP/1.1 (401|404) .*")
          .doesNotContain("node-a", "org/echo");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "evil.example",
        "evil.example:80",
        "127.0.0.1.evil.example",
        "localhost.evil.example:52415",
        "[2001:db8::1]",
        ""
      })
  void withoutKeysAnotherNameThatLeadsHereIsRefused(String host) throws Exception {
    try (RunningGateway running = RunningGateway.of(ScriptedNode.saying("ok"));
        Socket socket = running.connect()) {
      assertThat(answer(socket, "GET /v1/models HTTP/1.1\r\nHost: " + host + "\r\n\r\n"))
          .matches("(?s)HTTP/1.1 40[03] .*")
          .doesNotContain("org/echo");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"localhost", "LOCALHOST:8080", "127.0.0.1:1", "127.1.2.3", "[::1]:7"})
  void withoutKeysThisMachinesNamesPass(String host) throws Exception {
    try (RunningGateway running = RunningGateway.of(ScriptedNode.saying("ok"));
        Socket socket = running.connect()) {
      assertThat(answer(socket, "GET /v1/models HTTP/1.1\r\nHost: " + host + "\r\n\r\n"))
          .startsWith("HTTP/1.1 200 ");
    }
  }

  @Test
  void withoutKeysPagesOfOtherOriginsAreRefused() throws Exception {
    try (RunningGateway running = RunningGateway.of(ScriptedNode.saying("ok"))) {
      for (String origin : List.of("http://evil.example", "null", "http://localhost:1")) {
        assertThat(error(running.send(running.request("/v1/models").header("Origin", origin))))
            .isEqualTo("403 invalid_request_error null forbidden");
      }
      String own = "http://127.0.0.1:" + running.gateway.port();
      var response = running.send(running.request("/v1/models").header("Origin", own));
      assertThat(response.statusCode()).isEqualTo(200);
      assertThat(response.headers().firstValue("access-control-allow-origin")).isEmpty();
    }
  }

  @Test
  void whatOtherMachinesCanReachNeedsAKey() {
    assertThatThrownBy(() -> new GatewayConfig("0.0.0.0", 0, List.of()))
        .hasMessageContaining("api.host is 0.0.0.0")
        .hasMessageContaining("api.keys is empty");
    assertThatThrownBy(() -> new GatewayConfig("studio.local", 0, List.of()))
        .hasMessageContaining("api.keys is empty");
    assertThatThrownBy(() -> new GatewayConfig("127.0.0.1", 0, List.of("")))
        .hasMessageContaining("api.keys");
    assertThat(new GatewayConfig("0.0.0.0", 0, List.of("key")).host()).isEqualTo("0.0.0.0");
    assertThat(new GatewayConfig("::1", 0, List.of()).keys()).isEmpty();
  }

  @Test
  void nothingOfTheClientsGetsIntoHeaders() throws Exception {
    try (RunningGateway running = RunningGateway.of(ScriptedNode.saying("ok"))) {
      var response = running.post("/v1/models/a%0d%0aSet-Cookie:%20x=1?q=%0d%0aX-Evil:%201", "{}");
      var unknown = running.get("/v1/models/a%0d%0aSet-Cookie:%20x=1");
      var model = running.post("/v1/completions", "{'model':'a\\r\\nX-Evil: 1','prompt':'x'}");

      for (var answer : List.of(response, unknown, model)) {
        assertThat(answer.headers().map()).doesNotContainKeys("set-cookie", "x-evil");
        assertThat(answer.headers().map().toString()).doesNotContain("Evil", "Cookie");
        assertThat(json(answer).has("error")).isTrue();
      }
    }
  }

  static String answer(Socket socket, String request) throws IOException {
    socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
    byte[] part = new byte[64 << 10];
    int read = socket.getInputStream().read(part);
    return read < 0 ? "" : new String(part, 0, read, StandardCharsets.UTF_8);
  }
}
