package dev.brigade.model.architecture;

import dev.brigade.model.block.DecoderLayer;
import dev.brigade.model.block.GatedFeedForward;
import dev.brigade.model.block.GroupedQueryAttention;
import dev.brigade.model.block.LayeredDecoder;
import dev.brigade.model.block.RmsNorm;
import dev.brigade.model.block.Vocabulary;
import dev.brigade.model.config.ModelConfig;
import dev.brigade.model.decoder.Activation;
import dev.brigade.model.decoder.AttentionSpec;
import dev.brigade.model.decoder.Decoder;
import dev.brigade.model.decoder.DecoderShape;
import dev.brigade.model.decoder.KvShape;
import dev.brigade.spi.engine.EngineException.BadModel;
import java.util.OptionalInt;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * The sizes that all families spell alike.
 *
 * @param layers decoder layers
 * @param width elements of a hidden state
 * @param inner elements between the projections of a feed-forward block
 * @param vocabulary rows of the embedding
 * @param context most positions
 * @param heads query heads
 * @param kvHeads key and value heads
 * @param headWidth elements of a head
 * @param epsilon of the norms
 */
record Sizes(
    int layers,
    int width,
    int inner,
    int vocabulary,
    int context,
    int heads,
    int kvHeads,
    int headWidth,
    double epsilon) {

  static Sizes of(ModelConfig config) throws BadModel {
    int width = config.positive("hidden_size");
    int heads = config.positive("num_attention_heads");
    int kvHeads = config.positive("num_key_value_heads", heads);
    if (heads % kvHeads != 0) {
      throw config.wrong("num_key_value_heads", "a divisor of num_attention_heads, " + heads);
    }
    return new Sizes(
        config.positive("num_hidden_layers"),
        width,
        config.positive("intermediate_size"),
        config.positive("vocab_size"),
        config.positive("max_position_embeddings"),
        heads,
        kvHeads,
        config.positive("head_dim", width / heads),
        config.number("rms_norm_eps"));
  }

  /** Where the tensors of a layer are. */
  static String at(int layer) {
    return "model.layers." + layer;
  }

  /** All heads seeing everything before them, with the usual scale. */
  AttentionSpec fullAttention() {
    KvShape kv = new KvShape(kvHeads, headWidth, headWidth);
    return AttentionSpec.of(heads, kv, 1 / Math.sqrt(headWidth));
  }

  /** All heads seeing a window of positions, if there is one, with the usual scale. */
  AttentionSpec attentionOver(OptionalInt window) {
    return window.isPresent() ? fullAttention().withWindow(window.getAsInt()) : fullAttention();
  }

  /** A layer's attention under its usual name. */
  GroupedQueryAttention attention(
      int layer, AttentionSpec spec, boolean biased, boolean outputBiased) {
    String name = at(layer) + ".self_attn";
    return GroupedQueryAttention.named(name, layer, width, spec, biased, outputBiased);
  }

  /** A layer's feed-forward under its usual name. */
  GatedFeedForward feedForward(int layer, Activation activation, boolean biased) {
    return GatedFeedForward.named(at(layer) + ".mlp", width, inner, biased, activation);
  }

  /** A norm of hidden states. */
  RmsNorm norm(String name) {
    return RmsNorm.named(name, width, epsilon);
  }

  /** A norm of each head. */
  RmsNorm headNorm(String name) {
    return RmsNorm.named(name, headWidth, epsilon);
  }

  /** Embedding and head under their usual names. */
  Vocabulary vocabulary(boolean tied) {
    return Vocabulary.named(vocabulary, width, norm("model.norm"), tied);
  }

  /** A decoder of these layers, in order. */
  Decoder decoder(Vocabulary ends, IntFunction<? extends DecoderLayer> layer) {
    return new LayeredDecoder(
        new DecoderShape(layers, width, vocabulary, context),
        ends,
        IntStream.range(0, layers).mapToObj(layer).toList());
  }
}
