package dev.brigade.model.architecture;

import dev.brigade.model.block.LatentAttention;
import dev.brigade.model.block.LatentQuery;
import dev.brigade.model.block.Projection;
import dev.brigade.model.block.RmsNorm;
import dev.brigade.model.config.ModelConfig;
import dev.brigade.model.decoder.AttentionSpec;
import dev.brigade.model.decoder.KvShape;
import dev.brigade.model.decoder.RopeSpec.Pairing;
import dev.brigade.model.rope.RopeConfig;
import dev.brigade.model.rope.YarnRope;
import dev.brigade.model.weights.Weight;
import dev.brigade.spi.engine.EngineException;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * What configs say about latent attention.
 *
 * @param queryLatent width of the queries' latent, if they have one
 * @param latent width of the keys' and values' latent
 * @param plain columns of a key that are not rotated
 * @param rotated columns of a key that are
 * @param valueWidth columns of a value
 */
record LatentAttentionConfig(
    Sizes sizes,
    OptionalInt queryLatent,
    int latent,
    int plain,
    int rotated,
    int valueWidth,
    boolean biased,
    RopeConfig rope,
    Pairing pairing) {
  /** Of the latents' norms, whatever the config says of the others. */
  private static final double EPSILON = 1e-6;

  static LatentAttentionConfig of(ModelConfig config, Sizes sizes) throws EngineException {
    if (sizes.kvHeads() != sizes.heads()) {
      throw config.wrong("num_key_value_heads", "num_attention_heads, " + sizes.heads());
    }
    return new LatentAttentionConfig(
        sizes,
        config.has("q_lora_rank")
            ? OptionalInt.of(config.positive("q_lora_rank"))
            : OptionalInt.empty(),
        config.positive("kv_lora_rank"),
        config.positive("qk_nope_head_dim"),
        config.positive("qk_rope_head_dim"),
        config.positive("v_head_dim"),
        config.flag("attention_bias", false),
        RopeConfig.of(config).requireWhole(config),
        config.flag("rope_interleave", true) ? Pairing.INTERLEAVED : Pairing.HALVES);
  }

  LatentAttention layer(int layer) {
    String at = Sizes.at(layer) + ".self_attn";
    int width = sizes.width();
    return new LatentAttention(
        layer,
        query(at),
        Projection.named(at + ".kv_a_proj_with_mqa", latent + rotated, width, biased),
        RmsNorm.named(at + ".kv_a_layernorm", latent, EPSILON),
        ofEachHead(
            at,
            0,
            plain,
            Weight.named(at + ".embed_q.weight", sizes.heads(), latent, plain).transposed()),
        ofEachHead(
            at,
            plain,
            plain + valueWidth,
            Weight.named(at + ".unembed_out.weight", sizes.heads(), valueWidth, latent)),
        Projection.named(at + ".o_proj", width, sizes.heads() * valueWidth, biased),
        rope.spec(plain + rotated, plain, rotated, pairing),
        rope.spec(rotated, 0, rotated, pairing),
        spec());
  }

  private LatentQuery query(String at) {
    int queries = sizes.heads() * (plain + rotated);
    if (queryLatent.isEmpty()) {
      Projection straight = Projection.named(at + ".q_proj", queries, sizes.width(), false);
      return new LatentQuery(Optional.empty(), straight);
    }
    int narrow = queryLatent.getAsInt();
    LatentQuery.Latent latentQuery =
        new LatentQuery.Latent(
            Projection.named(at + ".q_a_proj", narrow, sizes.width(), biased),
            RmsNorm.named(at + ".q_a_layernorm", narrow, EPSILON));
    return new LatentQuery(
        Optional.of(latentQuery), Projection.named(at + ".q_b_proj", queries, narrow, false));
  }

  /**
   * Rows {@code [from, to)} of every head's part of {@code kv_b_proj}: its keys, then its values.
   *
   * @param apart the same of all heads, {@code [heads, to - from, latent]}, as MLX stores it
   */
  private Projection ofEachHead(String at, int from, int to, Weight apart) {
    int heads = sizes.heads();
    int perHead = plain + valueWidth;
    Weight both = Weight.named(at + ".kv_b_proj.weight", (long) heads * perHead, latent);
    Weight rows = joined(h -> both.rows((long) h * perHead + from, (long) h * perHead + to));
    return new Projection(Weight.firstOf(rows, joined(apart::entry)), Optional.empty());
  }

  private Weight joined(IntFunction<Weight> ofHead) {
    return Weight.concat(IntStream.range(0, sizes.heads()).mapToObj(ofHead).toList());
  }

  private AttentionSpec spec() {
    KvShape kv = new KvShape(sizes.heads(), plain + rotated, valueWidth);
    double stretched = rope.scaling() instanceof YarnRope yarn ? yarn.scoreFactor() : 1;
    return AttentionSpec.of(sizes.heads(), kv, stretched / Math.sqrt(plain + rotated));
  }
}
