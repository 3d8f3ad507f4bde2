package dev.brigade.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.brigade.gateway.http.HttpLimits;
import dev.brigade.gateway.openai.SamplingDefaults;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A gateway on a free port in front of a scripted node, and a client for it. */
final class RunningGateway implements AutoCloseable {
  static final ObjectMapper JSON = new ObjectMapper();

  /** Short enough that tests of what runs out of time are quick. */
  static final HttpLimits QUICK =
      new HttpLimits(
          64 << 10,
          8 << 10,
          2,
          Duration.ofMillis(400),
          Duration.ofMillis(400),
          Duration.ofMillis(400),
          Duration.ofMillis(50),
          Duration.ofMillis(400));

  final ScriptedNode node;
  final Gateway gateway;
  private final HttpClient client = HttpClient.newHttpClient();

  private RunningGateway(ScriptedNode node, Gateway gateway) {
    this.node = node;
    this.gateway = gateway;
  }

  static RunningGateway of(ScriptedNode node) throws Exception {
    return of(node, HttpLimits.DEFAULT, List.of(), SamplingDefaults.PLAIN);
  }

  static RunningGateway of(ScriptedNode node, HttpLimits limits) throws Exception {
    return of(node, limits, List.of(), SamplingDefaults.PLAIN);
  }

  static RunningGateway of(
      ScriptedNode node, HttpLimits limits, List<String> keys, SamplingDefaults sampling)
      throws Exception {
    GatewayConfig config = new GatewayConfig("127.0.0.1", 0, keys, limits);
    Gateway gateway =
        Gateway.start(config, node, LetterPrompts.with(sampling))
            .toCompletableFuture()
            .get(20, TimeUnit.SECONDS);
    return new RunningGateway(node, gateway);
  }

  HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + gateway.port() + path))
        .timeout(Duration.ofSeconds(20));
  }

  HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return send(request(path));
  }

  /** Posts JSON that is written with single quotes. */
  HttpResponse<String> post(String path, String json) throws IOException, InterruptedException {
    return send(posting(path, json));
  }

  HttpRequest.Builder posting(String path, String json) {
    return request(path)
        .header("Content-Type", "application/json")
        .POST(HttpRequest.BodyPublishers.ofString(json.replace('\'', '"')));
  }

  HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
    return client.send(request.build(), BodyHandlers.ofString());
  }

  HttpClient client() {
    return client;
  }

  /** A connection to write to by hand; reading from it has a deadline. */
  Socket connect() throws IOException {
    Socket socket = new Socket("127.0.0.1", gateway.port());
    socket.setSoTimeout(20_000);
    return socket;
  }

  /** The same with a small window. */
  Socket connect(int receiveBytes) throws IOException {
    Socket socket = new Socket();
    socket.setReceiveBufferSize(receiveBytes);
    socket.connect(new InetSocketAddress("127.0.0.1", gateway.port()));
    socket.setSoTimeout(20_000);
    return socket;
  }

  /** A whole request by hand. */
  String raw(String method, String path, String json) {
    String body = json.replace('\'', '"');
    return method
        + " "
        + path
        + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: "
        + body.length()
        + "\r\n\r\n"
        + body;
  }

  static JsonNode json(HttpResponse<String> response) throws IOException {
    return JSON.readTree(response.body());
  }

  /** The error of an answer, as {@code status type param code}. */
  static String error(HttpResponse<String> response) throws IOException {
    JsonNode error = json(response).path("error");
    return String.join(
        " ",
        Integer.toString(response.statusCode()),
        error.path("type").asText(),
        error.path("param").asText(),
        error.path("code").asText());
  }

  @Override
  public void close() {
    node.close();
    gateway.close().toCompletableFuture().orTimeout(20, TimeUnit.SECONDS).join();
  }
}
