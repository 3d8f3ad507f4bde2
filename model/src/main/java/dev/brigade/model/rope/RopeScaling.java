package dev.brigade.model.rope;

import dev.brigade.model.decoder.RopeSpec;
import java.util.Optional;

/** A way of stretching rotary embedding to contexts longer than a model was first trained on. */
public sealed interface RopeScaling
    permits RopeScaling.None, LinearRope, Llama3Rope, YarnRope, LongRope {

  /** The rotation of every sequence, or of those that are not {@link #beyond}. */
  RopeSpec.Rotation rotation(BaseFrequencies base);

  /** What longer sequences use instead. */
  default Optional<RopeSpec.Beyond> beyond(BaseFrequencies base) {
    return Optional.empty();
  }

  /** The original frequencies. */
  record None() implements RopeScaling {
    @Override
    public RopeSpec.Rotation rotation(BaseFrequencies base) {
      return base.rotation(base::frequency, 1);
    }
  }
}
