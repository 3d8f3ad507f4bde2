package dev.brigade.model.bench;

import dev.brigade.model.ModelFiles;
import dev.brigade.model.config.ModelConfig;
import dev.brigade.model.weights.Weight;
import dev.brigade.spi.engine.EngineException;
import dev.brigade.spi.engine.EngineException.Unsupported;
import java.util.ArrayList;
import java.util.List;

/**
 * The sizes of a Llama with nothing special about it, which is what baselines are written for: no
 * biases, no scaled rotation, SiLU.
 *
 * @param layers how many
 * @param width of a row between layers
 * @param inner width within the feed-forward
 * @param heads of queries
 * @param kvHeads of keys and values
 * @param headWidth columns of a head
 * @param vocabulary tokens
 * @param epsilon of the norms
 * @param theta base of the rotation
 * @param tied whether the head is the embedding
 */
public record PlainLlama(
    int layers,
    int width,
    int inner,
    int heads,
    int kvHeads,
    int headWidth,
    int vocabulary,
    double epsilon,
    double theta,
    boolean tied) {

  /**
   * Reads a model's config.
   *
   * @throws Unsupported if it is anything else; says what
   */
  public static PlainLlama of(ModelFiles files) throws EngineException {
    ModelConfig config = files.config();
    String type = config.text("model_type", "none");
    if (!type.equals("llama")) {
      throw new Unsupported("the baseline is written for llama, not for " + type);
    }
    for (String key : List.of("rope_scaling", "rope_parameters")) {
      if (config.has(key)) {
        throw new Unsupported("the baseline is written for a llama without " + key);
      }
    }
    if (config.flag("attention_bias", false) || config.flag("mlp_bias", false)) {
      throw new Unsupported("the baseline is written for a llama without biases");
    }
    int heads = config.positive("num_attention_heads");
    int width = config.positive("hidden_size");
    return new PlainLlama(
        config.positive("num_hidden_layers"),
        width,
        config.positive("intermediate_size"),
        heads,
        config.positive("num_key_value_heads", heads),
        config.positive("head_dim", width / heads),
        config.positive("vocab_size"),
        config.number("rms_norm_eps", 1e-6),
        config.number("rope_theta", 10_000),
        config.flag("tie_word_embeddings", false));
  }

  /** The table of embeddings, {@code [vocabulary, width]}. */
  public Weight embedding() {
    return Weight.named("model.embed_tokens.weight", vocabulary, width);
  }

  /** The head, {@code [vocabulary, width]}. */
  public Weight head() {
    return tied ? embedding() : Weight.named("lm_head.weight", vocabulary, width);
  }

  /** Factors of the last norm. */
  public Weight norm() {
    return Weight.named("model.norm.weight", width);
  }

  /** A matrix or norm of a layer. */
  public Weight of(int layer, Part part) {
    String name = "model.layers." + layer + "." + part.label + ".weight";
    return switch (part) {
      case INPUT_NORM, POST_NORM -> Weight.named(name, width);
      case Q -> Weight.named(name, (long) heads * headWidth, width);
      case K, V -> Weight.named(name, (long) kvHeads * headWidth, width);
      case O -> Weight.named(name, width, (long) heads * headWidth);
      case GATE, UP -> Weight.named(name, inner, width);
      case DOWN -> Weight.named(name, width, inner);
    };
  }

  /** All weights of a layer, in the order of {@link Part}. */
  public List<Weight> layer(int layer) {
    List<Weight> weights = new ArrayList<>();
    for (Part part : Part.values()) {
      weights.add(of(layer, part));
    }
    return weights;
  }

  /** What a layer has. */
  public enum Part {
    INPUT_NORM("input_layernorm"),
    POST_NORM("post_attention_layernorm"),
    Q("self_attn.q_proj"),
    K("self_attn.k_proj"),
    V("self_attn.v_proj"),
    O("self_attn.o_proj"),
    GATE("mlp.gate_proj"),
    UP("mlp.up_proj"),
    DOWN("mlp.down_proj");

    private final String label;

    Part(String label) {
      this.label = label;
    }
  }
}
