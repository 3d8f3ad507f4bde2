package dev.brigade.model.bench;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** Sizes of well-known models, to be filled with random weights. */
public enum NamedShape {
  /** Loads in a moment; for trying things out. */
  TINY("tiny", 4, 256, 768, 4, 2, 4096, true),
  /** A hundred million parameters. */
  SMALL("100m", 12, 768, 2304, 12, 4, 32_000, true),
  /** Llama-3.2-1B: 1.24 billion parameters. */
  LLAMA_1B("llama-1b", 16, 2048, 8192, 32, 8, 128_256, true),
  /** The same with a head of its own: 1.5 billion parameters. */
  LLAMA_1B_UNTIED("llama-1b-untied", 16, 2048, 8192, 32, 8, 128_256, false),
  /** One layer as wide as those of small models: enough to tell engines apart in a moment. */
  TRIAL("trial", 1, 1024, 2816, 16, 4, 2048, true);

  private static final int HEAD_WIDTH = 64;
  private static final int CONTEXT = 8192;

  private final String label;
  private final int layers;
  private final int width;
  private final int inner;
  private final int heads;
  private final int kvHeads;
  private final int vocabulary;
  private final boolean tied;

  NamedShape(
      String label,
      int layers,
      int width,
      int inner,
      int heads,
      int kvHeads,
      int vocabulary,
      boolean tied) {
    this.label = label;
    this.layers = layers;
    this.width = width;
    this.inner = inner;
    this.heads = heads;
    this.kvHeads = kvHeads;
    this.vocabulary = vocabulary;
    this.tied = tied;
  }

  /** The shape of a name; empty if there is none. */
  public static Optional<NamedShape> of(String label) {
    String wanted = label.toLowerCase(Locale.ROOT);
    return Arrays.stream(values()).filter(shape -> shape.label.equals(wanted)).findFirst();
  }

  /** All names. */
  public static List<String> labels() {
    return Arrays.stream(values()).map(NamedShape::toString).collect(Collectors.toList());
  }

  /**
   * The model's {@code config.json}.
   *
   * @param type what its weights are stored as, as Hugging Face writes it
   */
  String config(String type) {
    return """
        {"model_type": "llama", "architectures": ["LlamaForCausalLM"], "hidden_act": "silu",
         "hidden_size": %d, "intermediate_size": %d, "num_hidden_layers": %d,
         "num_attention_heads": %d, "num_key_value_heads": %d, "head_dim": %d, "vocab_size": %d,
         "rms_norm_eps": 1e-5, "rope_theta": 500000.0, "max_position_embeddings": %d,
         "tie_word_embeddings": %b, "torch_dtype": "%s", "bos_token_id": 0, "eos_token_id": 1}
        """
        .formatted(
            width, inner, layers, heads, kvHeads, HEAD_WIDTH, vocabulary, CONTEXT, tied, type);
  }

  /** As a user writes it. */
  @Override
  public String toString() {
    return label;
  }
}
