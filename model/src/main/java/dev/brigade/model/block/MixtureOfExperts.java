package dev.brigade.model.block;

import dev.brigade.model.decoder.Activation;
import dev.brigade.model.decoder.ExpertStacks;
import dev.brigade.model.decoder.TensorOps;
import java.util.Optional;

/**
 * Feed-forward by a few of many experts.
 *
 * @param router chooses them
 * @param experts their weights
 * @param activation inside each
 * @param shared an expert that all tokens have besides
 */
public record MixtureOfExperts(
    Router router, ExpertStacks experts, Activation activation, Optional<FeedForward> shared)
    implements FeedForward {

  @Override
  public <T> T apply(TensorOps<T> ops, T x) {
    Router.Choice<T> choice = router.choose(ops, x);
    T y = ops.experts(x, choice.ids(), choice.weights(), experts, activation);
    return shared.isPresent() ? ops.add(y, shared.get().apply(ops, x)) : y;
  }
}
