package dev.brigade.gateway;

import static dev.brigade.gateway.RunningGateway.JSON;
import static dev.brigade.gateway.RunningGateway.QUICK;
import static dev.brigade.gateway.RunningGateway.error;
import static dev.brigade.gateway.RunningGateway.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.brigade.cluster.generation.FinishReason;
import dev.brigade.gateway.openai.SamplingDefaults;
import dev.brigade.spi.transport.NodeState;
import io.vertx.core.Vertx;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LifecycleTest {
  private static final String STREAM = "{'model':'org/echo','prompt':'x','stream':true}";

  @Test
  void theClusterIsShownAsTheNodeSeesIt() throws Exception {
    try (RunningGateway running = RunningGateway.of(ScriptedNode.saying("x"))) {
      String node =
          "{'id':'%1$s','name':'name-%1$s','address':'127.0.0.1:52416','engine':'%2$s',"
              + "'memory_bytes':1073741824,'state':'up','planning':{'device':'cpu',"
              + "'machine':'machine','machine_memory_bytes':2147483648,'runtime_bytes':0,"
              + "'max_slices':8,'keeps_groups':false,'hidden_types':['F32'],'precisions':[{'name':'f32',"
              + "'bytes_per_weight':4.0,'bytes_per_kv_element':4.0,'residual':'F32',"
              + "'measured':{}}],'links':[]}}";
      assertThat(json(running.get("/cluster")))
          .isEqualTo(
              read(
                  "{'nodes':["
                      + node.formatted("node-a", "reference")
                      + ","
                      + node.formatted("node-b", "djl")
                      + "],'plans':[{'id':'"
                      + ScriptedNode.PLAN.id()
                      + "','model':'org/echo','stages':["
                      + "{'node':'node-a','engine':'reference','layers':[0,3]},"
                      + "{'node':'node-b','engine':'djl','layers':[3,4]}]}],"
                      + "'standbys':[{'id':'"
                      + ScriptedNode.PLAN.id()
                      + "','model':'org/echo','stages':["
                      + "{'node':'node-a','engine':'reference','layers':[0,3]},"
                      + "{'node':'node-b','engine':'djl','layers':[3,4]}],"
                      + "'stands_by_for':'fedcba9876543210','without':'node-c'}]}"));
    }
  }

  @Test
  void modelsAreListedAndFoundByIdsWithSlashes() throws Exception {
    try (RunningGateway running = RunningGateway.of(ScriptedNode.saying("x"))) {
      JsonNode list = json(running.get("/v1/models"));
      assertThat(list.get("object").asText()).isEqualTo("list");
      assertThat(list.get("data").findValuesAsText("id")).containsExactly("org/echo", "plain");

      for (String path : List.of("/v1/models/org/echo", "/v1/models/org%2Fecho")) {
        JsonNode model = json(running.get(path));
        assertThat(model).isEqualTo(list.get("data").get(0));
        assertThat(model.get("object").asText()).isEqualTo("model");
        assertThat(model.get("created").isIntegralNumber()).isTrue();
        assertThat(model.get("owned_by").asText()).isEqualTo("brigade");
      }
      assertThat(error(running.get("/v1/models/org/other")))
          .isEqualTo("404 invalid_request_error model model_not_found");
    }
  }

  @Test
  void healthTellsWhetherRequestsAreWelcome() throws Exception {
    try (RunningGateway running = RunningGateway.of(ScriptedNode.saying("x"))) {
      assertThat(json(running.get("/health")))
          .isEqualTo(read("{'status':'ok','node':'node-a','state':'up'}"));

      running.node.state = NodeState.DRAINING;
      HttpResponse<String> draining = running.get("/health");
      assertThat(draining.statusCode()).isEqualTo(503);
      assertThat(json(draining).get("status").asText()).isEqualTo("unavailable");
    }
  }

  @Test
  void closingLetsAStreamFinish() throws Exception {
    CountDownLatch goOn = new CountDownLatch(1);
    ScriptedNode node =
        new ScriptedNode(
            request -> {
              request.prefill();
              goOn.await();
              request.token("the end");
              request.finish("", FinishReason.STOP);
            });
    try (RunningGateway running = RunningGateway.of(node)) {
      CompletableFuture<HttpResponse<String>> stream = postLater(running);
      node.next();
      CompletableFuture<Void> closed = running.gateway.close().toCompletableFuture();
      assertThat(error(running.post("/v1/completions", STREAM)))
          .isEqualTo("503 server_error null unavailable");
      assertThat(running.get("/health").statusCode()).isEqualTo(503);
      assertThat(closed).isNotDone();
      goOn.countDown();

      assertThat(stream.get(20, TimeUnit.SECONDS).body()).contains("the end").contains("[DONE]");
      closed.get(20, TimeUnit.SECONDS);
    }
  }

  @Test
  void closingEndsAStreamThatDoesNotFinishWithAnError() throws Exception {
    ScriptedNode node = new ScriptedNode(ScriptedNode.Request::prefillAndSpeak);
    try (RunningGateway running = RunningGateway.of(node, QUICK)) {
      CompletableFuture<HttpResponse<String>> stream = postLater(running);
      ScriptedNode.Request request = node.next();
      running.gateway.close().toCompletableFuture().get(20, TimeUnit.SECONDS);

      assertThat(stream.get(20, TimeUnit.SECONDS).body())
          .contains("shutting down")
          .doesNotContain("[DONE]");
      request.awaitCancelled();
    }
  }

  @Test
  void eventLoopsOfOthersStayWhenTheGatewayCloses() throws Exception {
    Vertx others = Vertx.vertx();
    try (ScriptedNode node = ScriptedNode.saying("x")) {
      GatewayConfig config = new GatewayConfig("127.0.0.1", 0, List.of());
      Gateway gateway =
          Gateway.start(others, config, node, LetterPrompts.with(SamplingDefaults.PLAIN))
              .toCompletableFuture()
              .get(20, TimeUnit.SECONDS);
      gateway.close().toCompletableFuture().get(20, TimeUnit.SECONDS);

      CompletableFuture<Boolean> alive = new CompletableFuture<>();
      others.runOnContext(go -> alive.complete(true));
      assertThat(alive.get(20, TimeUnit.SECONDS)).isTrue();
    } finally {
      others.close().await(20, TimeUnit.SECONDS);
    }
  }

  @Test
  void aPortThatIsTakenIsNamed() throws Exception {
    try (RunningGateway running = RunningGateway.of(ScriptedNode.saying("x"))) {
      GatewayConfig same = new GatewayConfig("127.0.0.1", running.gateway.port(), List.of());

      assertThatThrownBy(
              () ->
                  Gateway.start(same, running.node, LetterPrompts.with(SamplingDefaults.PLAIN))
                      .toCompletableFuture()
                      .get(20, TimeUnit.SECONDS))
          .hasCauseInstanceOf(GatewayException.class)
          .hasMessageContaining("api.port " + running.gateway.port() + " is in use");
    }
  }

  @Test
  void anAddressThatIsNotHereIsNamed() {
    GatewayConfig elsewhere = new GatewayConfig("192.0.2.1", 0, List.of("key"));

    assertThatThrownBy(
            () ->
                Gateway.start(
                        elsewhere,
                        ScriptedNode.saying("x"),
                        LetterPrompts.with(SamplingDefaults.PLAIN))
                    .toCompletableFuture()
                    .get(20, TimeUnit.SECONDS))
        .hasCauseInstanceOf(GatewayException.class)
        .hasMessageContaining("api.host");
  }

  private static CompletableFuture<HttpResponse<String>> postLater(RunningGateway running) {
    return running
        .client()
        .sendAsync(
            running.posting("/v1/completions", STREAM).build(),
            HttpResponse.BodyHandlers.ofString());
  }

  private static JsonNode read(String json) throws Exception {
    return JSON.readTree(json.replace('\'', '"'));
  }
}
