package dev.brigade.gateway;

import static dev.brigade.gateway.RunningGateway.JSON;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.brigade.cluster.RequestException;
import dev.brigade.cluster.generation.FinishReason;
import dev.brigade.cluster.generation.Usage;
import dev.brigade.cluster.observe.ClusterEvent;
import dev.brigade.cluster.observe.StageMeasure;
import dev.brigade.gateway.http.HttpLimits;
import dev.brigade.gateway.openai.SamplingDefaults;
import dev.brigade.spi.transport.NodeId;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What a node does can be watched: as events while they happen, and as metrics. */
class ObservationTest {
  private static final ClusterEvent ANSWERED =
      new ClusterEvent.Answered(
          "r1",
          "org/echo",
          FinishReason.STOP,
          new Usage(7, 5, Duration.ofMillis(30), Duration.ofMillis(40), 1, List.of()));

  private static JsonNode next(Iterator<String> lines) throws IOException {
    while (true) {
      String line = lines.next();
      if (line.startsWith("data: ")) {
        return JSON.readTree(line.substring("data: ".length()));
      }
    }
  }

  @Test
  void eventsComeAsTheyHappen() throws Exception {
    try (RunningGateway running = RunningGateway.of(ScriptedNode.saying("x"))) {
      HttpResponse<Stream<String>> response =
          running.client().send(running.request("/events").build(), BodyHandlers.ofLines());
      assertThat(response.headers().firstValue("content-type"))
          .hasValueSatisfying(type -> assertThat(type).startsWith("text/event-stream"));
      try (Stream<String> body = response.body()) {
        Iterator<String> lines = body.iterator();
        assertThat(next(lines).get("event").asText()).isEqualTo("watching");

        running.node.observers.event(new ClusterEvent.PlanReady(ScriptedNode.PLAN));
        JsonNode ready = next(lines);
        assertThat(ready.get("event").asText()).isEqualTo("plan_ready");
        assertThat(ready.get("stages").get(0).get("layers").toString()).isEqualTo("[0,3]");

        NodeId lost = new NodeId("node-b");
        running.node.observers.event(
            new ClusterEvent.StandbyReady(ScriptedNode.PLAN, "fedcba9876543210", lost));
        JsonNode standby = next(lines);
        assertThat(standby.get("stands_by_for").asText()).isEqualTo("fedcba9876543210");
        assertThat(standby.get("without").asText()).isEqualTo("node-b");
        running.node.observers.event(
            new ClusterEvent.StandbyMissing(ScriptedNode.PLAN, lost, "no room"));
        JsonNode missing = next(lines);
        assertThat(missing.get("event").asText()).isEqualTo("standby_missing");
        assertThat(missing.get("reason").asText()).isEqualTo("no room");
        running.node.observers.event(
            new ClusterEvent.StandbyTaken(ScriptedNode.PLAN, "fedcba9876543210"));
        assertThat(next(lines).get("stood_by_for").asText()).isEqualTo("fedcba9876543210");

        running.node.observers.event(new ClusterEvent.Recovering("r1", 1, 12, "a stage is lost"));
        assertThat(next(lines).get("reason").asText()).isEqualTo("a stage is lost");
        running.node.observers.event(new ClusterEvent.Recovered("r1", 1, Duration.ofMillis(1500)));
        assertThat(next(lines).get("pause_ms").asInt()).isEqualTo(1500);
        running.node.observers.event(
            new ClusterEvent.FirstToken("r1", "org/echo", Duration.ofMillis(250)));
        assertThat(next(lines).get("after_ms").asInt()).isEqualTo(250);
        running.node.observers.event(ANSWERED);
        assertThat(next(lines).get("completion_tokens").asInt()).isEqualTo(5);
      }
    }
  }

  @Test
  void metricsCountWhatHasHappenedAndShowWhatIs() throws Exception {
    try (RunningGateway running = RunningGateway.of(ScriptedNode.saying("x"))) {
      running.node.observers.event(ANSWERED);
      running.node.observers.event(ANSWERED);
      running.node.observers.event(
          new ClusterEvent.Failed(
              "r2",
              "org/echo",
              3,
              RequestException.Kind.OUT_OF_MEMORY,
              "needs 2 bytes, 1 is there"));
      running.node.observers.event(
          new ClusterEvent.FirstToken("r1", "org/echo", Duration.ofMillis(250)));
      running.node.observers.event(new ClusterEvent.Recovering("r1", 1, 12, "a stage is lost"));
      running.node.observers.event(new ClusterEvent.Recovered("r1", 1, Duration.ofMillis(500)));
      running.node.observers.measured(
          new StageMeasure.Passed(
              ScriptedNode.PLAN, 0, 2, 9, Duration.ofMillis(1), Duration.ofMillis(5)));
      running.node.observers.measured(
          new StageMeasure.HandedOn(ScriptedNode.PLAN, 0, 4096, Duration.ofMillis(2)));

      HttpResponse<String> response = running.get("/metrics");

      assertThat(response.headers().firstValue("content-type"))
          .hasValueSatisfying(type -> assertThat(type).startsWith("text/plain; version=0.0.4"));
      assertThat(response.body().lines())
          .contains(
              "brigade_requests_total{model=\"org/echo\",outcome=\"stop\"} 2.0",
              "brigade_requests_total{model=\"org/echo\",outcome=\"out_of_memory\"} 1.0",
              "brigade_tokens_total{kind=\"completion\",model=\"org/echo\"} 13.0",
              "brigade_tokens_total{kind=\"prompt\",model=\"org/echo\"} 14.0",
              "brigade_time_to_first_token_seconds_count{model=\"org/echo\"} 1",
              "brigade_time_to_first_token_seconds_sum{model=\"org/echo\"} 0.25",
              "brigade_prefill_seconds_count{model=\"org/echo\"} 2",
              "brigade_time_per_token_seconds_sum{model=\"org/echo\"} 0.02",
              "brigade_recoveries_total 1.0",
              "brigade_recovery_pause_seconds_sum 0.5",
              "brigade_standbys_taken_total 0.0",
              "brigade_standbys 1.0",
              "brigade_plans 1.0",
              "brigade_stage_wait_seconds_sum{model=\"org/echo\",stage=\"0\"} 0.001",
              "brigade_stage_transfer_seconds_sum{model=\"org/echo\",stage=\"0\"} 0.002",
              "brigade_stage_rows_total{model=\"org/echo\",stage=\"0\"} 9.0",
              "brigade_stage_transferred_bytes_total{model=\"org/echo\",stage=\"0\"} 4096.0",
              "brigade_stage_compute_seconds_sum{model=\"org/echo\",stage=\"0\"} 0.005",
              "brigade_memory_budget_bytes 1000.0",
              "brigade_memory_reserved_bytes 600.0",
              "brigade_steps_waiting 2.0",
              "brigade_members 2.0");
    }
  }

  @Test
  void bothNeedAKeyWhereThereAreKeys() throws Exception {
    try (RunningGateway running =
        RunningGateway.of(
            ScriptedNode.saying("x"), HttpLimits.DEFAULT, List.of("k"), SamplingDefaults.PLAIN)) {
      assertThat(running.get("/events").statusCode()).isEqualTo(401);
      assertThat(running.get("/metrics").statusCode()).isEqualTo(401);
    }
  }
}
