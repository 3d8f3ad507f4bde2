package dev.brigade.launcher.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.stream.Stream;

/** A client of a node's HTTP interface. */
final class Api {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration DEADLINE = Duration.ofSeconds(90);
  private final HttpClient client = HttpClient.newHttpClient();
  private final String base;

  /**
   * @param line where "up" told the address, which ends in {@code /v1}
   */
  Api(String line) {
    base = line.replaceAll(".*(http://\\S+)/v1.*", "$1");
  }

  String base() {
    return base;
  }

  JsonNode get(String path) throws IOException, InterruptedException {
    HttpRequest request = HttpRequest.newBuilder(URI.create(base + path)).timeout(DEADLINE).build();
    return JSON.readTree(client.send(request, HttpResponse.BodyHandlers.ofString()).body());
  }

  JsonNode chat(String question) throws IOException, InterruptedException {
    return JSON.readTree(
        client.send(request(question, false, 64), HttpResponse.BodyHandlers.ofString()).body());
  }

  /** The same under a name of the client's. */
  JsonNode chat(String question, String name) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(request(question, false, 64), (key, value) -> true)
            .header("X-Request-Id", name)
            .build();
    HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
    assertThat(response.headers().firstValue("x-request-id")).contains(name);
    return JSON.readTree(response.body());
  }

  /** The data of each event, as they come. */
  Stream<String> stream(String question, int maxTokens) throws IOException, InterruptedException {
    return client
        .send(request(question, true, maxTokens), HttpResponse.BodyHandlers.ofLines())
        .body()
        .filter(line -> line.startsWith("data:"))
        .map(line -> line.substring("data:".length()).strip());
  }

  private HttpRequest request(String question, boolean stream, int maxTokens) {
    var body = JSON.createObjectNode().put("model", "bundled/pocket").put("stream", stream);
    body.put("temperature", 0).put("max_tokens", maxTokens).put("ignore_eos", stream);
    body.putArray("messages").addObject().put("role", "user").put("content", question);
    return HttpRequest.newBuilder(URI.create(base + "/v1/chat/completions"))
        .timeout(DEADLINE)
        .header("Content-Type", "application/json")
        .POST(HttpRequest.BodyPublishers.ofString(body.toString()))
        .build();
  }

  static String text(JsonNode answer) {
    return answer.path("choices").path(0).path("message").path("content").asText();
  }

  /** The text that an event of a stream brings. */
  static String delta(String event) throws IOException {
    JsonNode chunk = JSON.readTree(event);
    if (chunk.has("error")) {
      throw new AssertionError("the stream tells of an error: " + event);
    }
    return chunk.path("choices").path(0).path("delta").path("content").asText("");
  }
}
