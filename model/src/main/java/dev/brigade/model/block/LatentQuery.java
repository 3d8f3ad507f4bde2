package dev.brigade.model.block;

import dev.brigade.model.decoder.TensorOps;
import java.util.Optional;

/**
 * The queries of latent attention: straight from the hidden state, or through a narrow latent.
 *
 * @param latent if there is one
 * @param up from it, or from the hidden state, to {@code heads * keyWidth}
 */
public record LatentQuery(Optional<Latent> latent, Projection up) {

  /** A narrow normed copy of the hidden state. */
  public record Latent(Projection down, RmsNorm norm) {}

  <T> T apply(TensorOps<T> ops, T x) {
    if (latent.isEmpty()) {
      return up.apply(ops, x);
    }
    T narrow = latent.get().down().apply(ops, x);
    return up.apply(ops, latent.get().norm().apply(ops, narrow));
  }
}
