package dev.brigade.model.block;

import dev.brigade.model.decoder.TensorOps;

/**
 * The usual router: the {@code k} experts of highest probability (Shazeer et al. 2017).
 *
 * @param scores {@code width} to the number of experts
 * @param k experts for each token
 * @param normalized whether the chosen ones' weights are made to sum to 1
 */
public record SoftmaxRouter(Projection scores, int k, boolean normalized) implements Router {

  @Override
  public <T> Choice<T> choose(TensorOps<T> ops, T x) {
    T logits = scores.apply(ops, x);
    if (normalized) {
      // Softmax over the chosen is the same as over all, made to sum to 1.
      TensorOps.TopK<T> best = ops.topK(logits, k);
      return new Choice<>(best.ids(), ops.softmax(best.values()));
    }
    TensorOps.TopK<T> best = ops.topK(ops.softmax(logits), k);
    return new Choice<>(best.ids(), best.values());
  }
}
