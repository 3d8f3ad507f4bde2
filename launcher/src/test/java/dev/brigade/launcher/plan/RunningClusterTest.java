package dev.brigade.launcher.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.brigade.spi.engine.EngineProfile;
import dev.brigade.spi.engine.Precision;
import dev.brigade.spi.partition.Link;
import dev.brigade.spi.transport.NodeId;
import dev.brigade.spi.transport.NodeInfo;
import dev.brigade.spi.transport.NodeState;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RunningClusterTest {
  private static final String CLUSTER =
      """
      {"nodes": [{"id": "n1", "name": "one", "address": "127.0.0.1:52416", "engine": "ggml",
        "memory_bytes": 1000, "state": "up", "planning": {"device": "cpu, 2 threads",
        "machine": "m", "machine_memory_bytes": 1500, "runtime_bytes": 7, "max_slices": 8, "keeps_groups": true,
        "hidden_types": ["F32", "BF16"], "precisions": [{"name": "q8_0",
        "bytes_per_weight": 1.0625, "bytes_per_kv_element": 2.0, "residual": "F32",
        "measured": {"decode_bytes_per_s": 2.5e10}}],
        "links": [{"to": "n2", "round_trip_ms": 0.25, "bytes_per_s": 1.1e8}]}}],
       "plans": []}
      """;

  @Test
  void whatANodeTellsOfItsClusterIsAllThatAPlanNeeds() throws Exception {
    PlanNodes cluster = RunningCluster.read("http://node", new ObjectMapper().readTree(CLUSTER));
    assertThat(cluster.source()).contains("http://node");
    assertThat(cluster.links())
        .containsExactly(
            new Link(new NodeId("n1"), new NodeId("n2"), Duration.ofNanos(250_000), 1.1e8));
    NodeInfo node = cluster.nodes().get(0);
    assertThat(node.name()).isEqualTo("one");
    assertThat(node.state()).isEqualTo(NodeState.UP);
    assertThat(node.memoryBytes()).isEqualTo(1000);
    assertThat(node.machine().memoryBytes()).isEqualTo(1500);
    assertThat(node.profile().keepsGroups()).isTrue();
    EngineProfile.Cost cost = node.profile().cost(new Precision("q8_0")).orElseThrow();
    assertThat(cost.bytesPerWeight()).isEqualTo(1.0625);
    assertThat(cost.measured()).isEqualTo(Map.of("decode_bytes_per_s", 2.5e10));
  }

  @Test
  void aNodeThatDoesNotTellEnoughIsOfAnotherVersion() {
    assertThatThrownBy(
            () ->
                RunningCluster.read(
                    "http://node",
                    new ObjectMapper().readTree("{\"nodes\": [{\"id\": \"n\", \"name\": \"x\"}]}")))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("another version");
  }

  @Test
  void whereNobodyListensThereIsNoCluster() throws Exception {
    assertThat(RunningCluster.find("http://127.0.0.1:1", java.util.Optional.empty())).isEmpty();
  }
}
