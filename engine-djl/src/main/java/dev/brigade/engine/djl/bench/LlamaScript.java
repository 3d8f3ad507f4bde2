package dev.brigade.engine.djl.bench;

import dev.brigade.model.bench.PlainLlama;
import dev.brigade.model.weights.Weight;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The script's text, with the sizes of one model written into it, and the weights it wants. */
final class LlamaScript {
  private static final String RESOURCE = "llama.torchscript";

  private LlamaScript() {}

  /**
   * The text.
   *
   * @param capacity most tokens of the sequence
   */
  static String text(PlainLlama llama, int capacity) {
    String text = resource();
    Map<String, Object> sizes =
        Map.of(
            "LAYERS", llama.layers(),
            "HEADS", llama.heads(),
            "KV_HEADS", llama.kvHeads(),
            "HEAD_WIDTH", llama.headWidth(),
            "WIDTH", llama.width(),
            "EPSILON", llama.epsilon(),
            "THETA", llama.theta(),
            "CAPACITY", capacity);
    for (Map.Entry<String, Object> size : sizes.entrySet()) {
      text = text.replace("$" + size.getKey() + "$", size.getValue().toString());
    }
    return text;
  }

  /** Weights in the order in which the script counts them. */
  static List<Weight> weights(PlainLlama llama) {
    List<Weight> weights = new ArrayList<>();
    weights.add(llama.embedding());
    weights.add(llama.norm());
    for (int layer = 0; layer < llama.layers(); layer++) {
      weights.addAll(llama.layer(layer));
    }
    if (!llama.tied()) {
      weights.add(llama.head());
    }
    return weights;
  }

  /** The archive's parser does not want comments between methods. */
  private static String resource() {
    try (InputStream in = LlamaScript.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new IllegalStateException("the jar of engine djl lacks its resource " + RESOURCE);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.isBlank() && !line.stripLeading().startsWith("#"))
          .collect(Collectors.joining("\n", "", "\n"));
    } catch (IOException e) {
      throw new UncheckedIOException("reading " + RESOURCE, e);
    }
  }
}
