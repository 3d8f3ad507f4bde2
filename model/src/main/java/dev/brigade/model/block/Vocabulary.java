package dev.brigade.model.block;

import dev.brigade.model.decoder.TensorOps;
import dev.brigade.model.weights.Weight;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * The two ends of a decoder: from token ids to hidden states, and from hidden states to logits.
 *
 * @param table embedding, {@code [vocabulary, width]}
 * @param norm before the head
 * @param head {@code width} to {@code vocabulary}; of the table itself if the two are tied
 * @param embeddingScale factor on embeddings
 * @param logitScale factor on logits
 * @param softcap {@code c} of {@code c * tanh(logit / c)}
 */
public record Vocabulary(
    Weight table,
    RmsNorm norm,
    Projection head,
    double embeddingScale,
    double logitScale,
    OptionalDouble softcap) {

  /** The ends under their usual names. */
  public static Vocabulary named(int vocabulary, int width, RmsNorm norm, boolean tied) {
    Weight table = Weight.named("model.embed_tokens.weight", vocabulary, width);
    Weight head = Weight.named("lm_head.weight", vocabulary, width);
    if (tied) {
      // One table, under either name.
      table = Weight.firstOf(table, head);
      head = table;
    }
    return new Vocabulary(
        table, norm, new Projection(head, Optional.empty()), 1, 1, OptionalDouble.empty());
  }

  /** The same with another norm. */
  public Vocabulary withNorm(RmsNorm other) {
    return new Vocabulary(table, other, head, embeddingScale, logitScale, softcap);
  }

  /** The same with scaled embeddings and logits. */
  public Vocabulary withScales(double ofEmbeddings, double ofLogits) {
    return new Vocabulary(table, norm, head, ofEmbeddings, ofLogits, softcap);
  }

  /** The same with soft-capped logits, if there is a cap. */
  public Vocabulary withSoftcap(OptionalDouble cap) {
    return new Vocabulary(table, norm, head, embeddingScale, logitScale, cap);
  }

  /** Ids {@code [rows]} to {@code [rows, width]}. */
  public <T> T embed(TensorOps<T> ops, T ids) {
    T x = ops.embedding(table, ids);
    return embeddingScale == 1 ? x : ops.scale(x, embeddingScale);
  }

  /** {@code [rows, width]} to logits {@code [rows, vocabulary]}. */
  public <T> T logits(TensorOps<T> ops, T x) {
    T logits = head.apply(ops, norm.apply(ops, x));
    if (logitScale != 1) {
      logits = ops.scale(logits, logitScale);
    }
    return softcap.isPresent() ? ops.softcap(logits, softcap.getAsDouble()) : logits;
  }
}
