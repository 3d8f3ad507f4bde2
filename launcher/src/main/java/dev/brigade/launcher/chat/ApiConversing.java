package dev.brigade.launcher.chat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Asks a node over HTTP. */
public final class ApiConversing implements Conversing {
  private static final Duration KNOCK = Duration.ofSeconds(2);
  private static final String EVENT = "data:";
  private static final ObjectMapper JSON = new ObjectMapper();
  private final HttpClient client = HttpClient.newBuilder().connectTimeout(KNOCK).build();
  private final String api;
  private final Optional<String> key;
  private final String model;

  private ApiConversing(String api, Optional<String> key, String model) {
    this.api = api;
    this.key = key;
    this.model = model;
  }

  /**
   * A node that has this model, if one listens there.
   *
   * @param api address of its HTTP interface, without a path
   */
  public static Optional<Conversing> find(String api, Optional<String> key, String model)
      throws InterruptedException {
    ApiConversing node = new ApiConversing(api, key, model);
    try {
      HttpRequest request = node.request("/v1/models").timeout(KNOCK).GET().build();
      HttpResponse<String> response =
          node.client.send(request, HttpResponse.BodyHandlers.ofString());
      boolean knows =
          response.statusCode() == 200
              && JSON.readTree(response.body()).path("data").findValuesAsText("id").contains(model);
      return knows ? Optional.of(node) : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private HttpRequest.Builder request(String path) {
    HttpRequest.Builder builder = HttpRequest.newBuilder(URI.create(api + path));
    key.ifPresent(secret -> builder.header("Authorization", "Bearer " + secret));
    return builder;
  }

  @Override
  public void answer(List<ObjectNode> messages, Consumer<String> text) throws Exception {
    ObjectNode body = JSON.createObjectNode().put("model", model).put("stream", true);
    body.putArray("messages").addAll(messages);
    HttpRequest request =
        request("/v1/chat/completions")
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body.toString()))
            .build();
    HttpResponse<Stream<String>> response =
        client.send(request, HttpResponse.BodyHandlers.ofLines());
    try (Stream<String> lines = response.body()) {
      if (response.statusCode() != 200) {
        throw new IOException(error(JSON.readTree(lines.collect(Collectors.joining("\n")))));
      }
      Iterator<String> each = lines.iterator();
      while (each.hasNext()) {
        String line = each.next();
        if (line.startsWith(EVENT)) {
          event(line.substring(EVENT.length()).strip(), text);
        }
      }
    }
  }

  private static void event(String event, Consumer<String> text) throws IOException {
    if (event.equals("[DONE]")) {
      return;
    }
    JsonNode chunk = JSON.readTree(event);
    if (chunk.has("error")) {
      throw new IOException(error(chunk));
    }
    JsonNode content = chunk.path("choices").path(0).path("delta").path("content");
    if (content.isTextual()) {
      text.accept(content.textValue());
    }
  }

  private static String error(JsonNode body) {
    return body.path("error").path("message").asText("the node answered with an error: " + body);
  }

  @Override
  public void close() {
    // The client's threads end by themselves when nothing refers to it any more.
  }
}
