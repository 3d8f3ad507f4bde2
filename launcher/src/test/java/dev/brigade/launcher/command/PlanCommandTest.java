package dev.brigade.launcher.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A model of a config alone, on clusters of a file alone. */
class PlanCommandTest {
  /** 32 layers of 201 million weights, 8 GB and 0.8 GB for the tables. */
  private static final String CONFIG =
      """
      {"architectures": ["LlamaForCausalLM"], "model_type": "llama", "dtype": "bfloat16",
       "hidden_size": 4096, "intermediate_size": 11008, "num_hidden_layers": 32,
       "num_attention_heads": 32, "num_key_value_heads": 32, "vocab_size": 32000,
       "max_position_embeddings": 4096, "rms_norm_eps": 1e-5, "hidden_act": "silu"}
      """;

  private static final String CLUSTER =
      """
      nodes:
        - { name: studio, engine: mlx, device: M2, memory: 12GB, reads: 300GB }
        - { name: tower, engine: djl, device: GPU, memory: 8GB, reads: 400GB }
        - { name: laptop, engine: ggml, memory: 16GB, reads: 30GB }
      links:
        - { from: studio, to: tower, round-trip: 0.4ms, bandwidth: 110MB }
        - { from: studio, to: laptop, round-trip: 3ms, bandwidth: 20MB }
        - { from: tower, to: laptop, round-trip: 3ms, bandwidth: 20MB }
      """;

  @TempDir private Path folder;

  private CommandRun plan(String cluster, String... options) throws Exception {
    return planned(CONFIG, cluster, options);
  }

  private CommandRun planned(String config, String cluster, String... options) throws Exception {
    Path model = Files.createDirectories(folder.resolve("model"));
    Files.writeString(model.resolve("config.json"), config);
    Path file = Files.writeString(folder.resolve("cluster.yaml"), cluster);
    String[] arguments = new String[options.length + 4];
    arguments[0] = "plan";
    arguments[1] = model.toString();
    arguments[2] = "--cluster";
    arguments[3] = file.toString();
    System.arraycopy(options, 0, arguments, 4, options.length);
    return CommandRun.of(arguments);
  }

  private static JsonNode json(CommandRun run) throws Exception {
    assertThat(run.status()).as(run.err()).isZero();
    return new ObjectMapper().readTree(run.out());
  }

  @Test
  void withoutAClusterItIsPlannedForThisMachineAndTheEngineThatItWouldTake() throws Exception {
    Path config = Files.writeString(folder.resolve("brigade.yaml"), "api: { port: 0 }");
    JsonNode plan =
        json(CommandRun.of("plan", "bundled/pocket", "--config", config.toString(), "--json"));
    assertThat(plan.get("stages")).hasSize(1);
    assertThat(plan.get("stages").get(0).get("engine").textValue()).isNotEqualTo("auto");
  }

  @Test
  void aModelThatFitsNoDeviceGoesOverTheFastestAndTheSlowOneIsLeftOut() throws Exception {
    JsonNode report = json(plan(CLUSTER, "--context", "2048", "--json"));
    assertThat(report.path("layers").asInt()).isEqualTo(32);
    assertThat(report.path("strategy").asText()).isEqualTo("cost");
    assertThat(report.path("stages").findValuesAsText("node"))
        .containsExactlyInAnyOrder("studio", "tower");
    assertThat(report.path("stages").findValuesAsText("precision")).containsOnly("bf16");
    // 13 GB at 300 and 400 GB/s, and 0.5 ms of the network.
    assertThat(report.path("ms_per_token").asDouble()).isBetween(35.0, 46.0);
    JsonNode laptop = report.path("why").get(2);
    assertThat(laptop.path("node").asText()).isEqualTo("laptop");
    assertThat(laptop.path("used").asBoolean()).isFalse();
    assertThat(laptop.path("reason").asText()).contains("slower per token with it");
  }

  @Test
  void theStrategyThatUsesAllDevicesUsesAll() throws Exception {
    JsonNode report =
        json(plan(CLUSTER, "--strategy", "ring-memory-weighted", "--context", "512", "--json"));
    assertThat(report.path("stages")).hasSize(3);
    assertThat(report.path("stages").get(0).path("node").asText()).isEqualTo("laptop");
    assertThat(report.path("ms_per_token").asDouble()).isGreaterThan(100);
  }

  @Test
  void aCheckpointInGroupsIsCountedAsTheEngineHoldsIt() throws Exception {
    String groups = "\"quantization\": {\"group_size\": 64, \"bits\": 4}, ";
    String nodes =
        "nodes: [ { name: mac, engine: mlx, memory: 5GB }, { name: pc, engine: djl, memory: 7GB } ]";
    String[] options = {"--context", "512", "--json"};
    JsonNode report = json(planned("{" + groups + CONFIG.strip().substring(1), nodes, options));
    // 6.74 billion weights in 4.5 bits each: 3.8 GB; in bf16, 13.5 GB would fit nowhere.
    assertThat(report.path("stages").findValuesAsText("node")).containsExactly("mac");
    assertThat(report.path("stages").get(0).path("memory_bytes").asLong())
        .isBetween(3_900_000_000L, 4_500_000_000L);
    assertThat(plan(nodes, options).status()).isEqualTo(1);
  }

  @Test
  void thePlanIsATableForAPersonAndSaysWhy() throws Exception {
    CommandRun run = plan(CLUSTER, "--context", "2048", "--goal", "throughput");
    assertThat(run.status()).as(run.err()).isZero();
    assertThat(run.out())
        .contains("32 layers, 2048 tokens of context, for throughput by cost")
        .contains("predicted")
        .contains("NODE", "MEMORY", "studio", "GiB")
        .contains("why:");
  }

  @Test
  void whatFitsNowhereFailsWithTheSums() throws Exception {
    CommandRun run = plan("nodes: [ { name: tiny, memory: 1GB } ]");
    assertThat(run.status()).isEqualTo(1);
    assertThat(run.out()).contains("no plan fits").contains("tiny").contains("bytes");
  }

  @Test
  void mistakesInTheClustersFileAreNamed() throws Exception {
    CommandRun key = plan("nodes: [ { name: a, memory: 1GB, rate: 3GB } ]");
    assertThat(key.status()).isEqualTo(2);
    assertThat(key.err()).contains("cluster.yaml").contains("nodes[0].rate");
    CommandRun link =
        plan("{ nodes: [ { name: a, memory: 1GB } ], links: [ { from: a, to: b } ] }");
    assertThat(link.status()).isEqualTo(2);
    assertThat(link.err()).contains("'b'").contains("[a]");
    assertThat(plan(CLUSTER, "--goal", "fun").status()).isEqualTo(2);
  }
}
