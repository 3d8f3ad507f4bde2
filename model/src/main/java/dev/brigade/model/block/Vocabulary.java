package dev.brigade.model.block;

import dev.brigade.model.decoder.TensorOps;
import dev.brigade.model.weights.Weight;
import java.util.Optional;

/**
 * The two ends of a decoder: from token ids to hidden states, and from hidden states to logits.
 *
 * @param table embedding, {@code [vocabulary, width]}
 * @param norm before the head
 * @param head {@code width} to {@code vocabulary}; the table itself if the two are tied
 */
public record Vocabulary(Weight table, RmsNorm norm, Projection head) {

  /** The ends under their usual names. */
  public static Vocabulary named(int vocabulary, int width, RmsNorm norm, boolean tied) {
    Weight table = Weight.named("model.embed_tokens.weight", vocabulary, width);
    Projection head = Projection.named("lm_head", vocabulary, width, false);
    return new Vocabulary(table, norm, tied ? new Projection(table, Optional.empty()) : head);
  }

  /** Ids {@code [rows]} to {@code [rows, width]}. */
  public <T> T embed(TensorOps<T> ops, T ids) {
    return ops.embedding(table, ids);
  }

  /** {@code [rows, width]} to logits {@code [rows, vocabulary]}. */
  public <T> T logits(TensorOps<T> ops, T x) {
    return head.apply(ops, norm.apply(ops, x));
  }
}
