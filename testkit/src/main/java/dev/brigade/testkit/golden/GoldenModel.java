package dev.brigade.testkit.golden;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.brigade.model.config.ModelConfig;
import dev.brigade.spi.engine.EngineException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A tiny model with random weights, and what Transformers computes for it.
 *
 * @param name of its folder
 * @param folder with {@code config.json} and safetensors, as Transformers wrote them
 * @param prompts of 1, 7 and 40 tokens
 */
public record GoldenModel(String name, Path folder, List<GoldenPrompt> prompts) {
  private static final List<String> NAMES =
      List.of(
          "llama",
          "llama_bf16",
          "llama_sharded",
          "mistral",
          "qwen2",
          "qwen3",
          "gemma2",
          "gemma3_text",
          "phi3",
          "olmo2",
          "smollm3",
          "granite",
          "mixtral",
          "qwen3_moe",
          "deepseek_v3",
          "gpt_oss");
  private static final ObjectMapper JSON = new JsonMapper();
  private static final Map<String, GoldenModel> LOADED = new HashMap<>();

  public GoldenModel {
    prompts = List.copyOf(prompts);
  }

  /** All models. */
  public static List<GoldenModel> all() {
    return NAMES.stream().map(GoldenModel::named).toList();
  }

  /** The model of a name. */
  public static synchronized GoldenModel named(String name) {
    return LOADED.computeIfAbsent(name, GoldenModel::load);
  }

  /**
   * The same model with its config in the style of Transformers 4: a new folder that vanishes with
   * this process; empty if there is none.
   */
  public Optional<Path> legacyFolder() {
    Path config = folder.resolve("config_legacy.json");
    if (!Files.exists(config)) {
      return Optional.empty();
    }
    Path copy = TemporaryFolder.copyOf(folder);
    TemporaryFolder.replace(copy.resolve("config.json"), config);
    return Optional.of(copy);
  }

  /** The same model in a folder of its own, to be spoilt; it vanishes with this process. */
  public Path copy() {
    return TemporaryFolder.copyOf(folder);
  }

  /** Whether its layers send tokens to some of many experts. */
  public boolean hasExperts() {
    try {
      return ModelConfig.read(folder.resolve("config.json")).has("num_experts_per_tok");
    } catch (EngineException.BadModel e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public String toString() {
    return name;
  }

  private static GoldenModel load(String name) {
    Path folder = TemporaryFolder.ofResources(GoldenModel.class, name);
    try {
      List<GoldenPrompt> prompts = new ArrayList<>();
      for (JsonNode prompt : JSON.readTree(folder.resolve("golden.json").toFile()).get("prompts")) {
        prompts.add(prompt(prompt));
      }
      return new GoldenModel(name, folder, prompts);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static GoldenPrompt prompt(JsonNode node) {
    Map<Integer, List<Double>> hidden = new HashMap<>();
    node.get("hidden_after_layer")
        .properties()
        .forEach(entry -> hidden.put(Integer.valueOf(entry.getKey()), doubles(entry.getValue())));
    Map<Integer, Double> norms = new HashMap<>();
    node.get("hidden_l2")
        .properties()
        .forEach(entry -> norms.put(Integer.valueOf(entry.getKey()), entry.getValue().asDouble()));
    return new GoldenPrompt(
        ints(node.get("input_ids")),
        doubles(node.get("last_logits")),
        hidden,
        norms,
        ints(node.get("prompt_argmax")),
        node.get("logit_std").asDouble(),
        ints(node.get("greedy_ids")),
        doubles(node.get("greedy_margins")));
  }

  private static List<Integer> ints(JsonNode array) {
    List<Integer> ints = new ArrayList<>();
    array.forEach(element -> ints.add(element.asInt()));
    return ints;
  }

  private static List<Double> doubles(JsonNode array) {
    List<Double> doubles = new ArrayList<>();
    array.forEach(element -> doubles.add(element.asDouble()));
    return doubles;
  }
}
