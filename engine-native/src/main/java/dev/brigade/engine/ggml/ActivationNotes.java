package dev.brigade.engine.ggml;

import dev.brigade.model.decoder.Activation;

/** Notes what goes element by element in feed-forward blocks, over tensors of any shape. */
final class ActivationNotes {
  private static final double SQRT_2_OVER_PI = Math.sqrt(2 / Math.PI);
  private static final double CUBE = 0.044715;

  private final GraphNotes notes;
  private final boolean current;
  private final boolean exact;

  ActivationNotes(GraphNotes notes, boolean current, boolean exact) {
    this.notes = notes;
    this.current = current;
    this.exact = exact;
  }

  /** On a copy: older versions of ggml clamp in place. */
  long clamp(long x, double low, double high) {
    long copy = current ? x : Ggml.ggml_cont(notes.next(), x);
    return Ggml.ggml_clamp(notes.next(), copy, (float) low, (float) high);
  }

  /** ggml's own GELU looks its values up in f16, so that f32 has to be composed. */
  long gelu(long x) {
    if (!exact) {
      return Ggml.ggml_gelu(notes.next(), x);
    }
    long square = Ggml.ggml_mul(notes.next(), x, x);
    long cubic =
        Ggml.ggml_mul(notes.next(), Ggml.ggml_scale(notes.next(), square, (float) CUBE), x);
    long inner =
        Ggml.ggml_scale(
            notes.next(), Ggml.ggml_add(notes.next(), x, cubic), (float) SQRT_2_OVER_PI);
    long half = Ggml.ggml_scale(notes.next(), x, 0.5f);
    long turned = Ggml.ggml_mul(notes.next(), half, Ggml.ggml_tanh(notes.next(), inner));
    return Ggml.ggml_add(notes.next(), half, turned);
  }

  /** Joins the two projections of a gated feed-forward block. */
  long gated(long gate, long up, Activation activation) {
    if (activation instanceof Activation.Swiglu) {
      return current
          ? GgmlCurrent.ggml_swiglu_split(notes.next(), gate, up)
          : Ggml.ggml_mul(notes.next(), Ggml.ggml_silu(notes.next(), gate), up);
    } else if (activation instanceof Activation.Geglu) {
      return current && !exact
          ? GgmlCurrent.ggml_geglu_split(notes.next(), gate, up)
          : Ggml.ggml_mul(notes.next(), gelu(gate), up);
    }
    Activation.ClampedSwiglu clamped = (Activation.ClampedSwiglu) activation;
    float alpha = (float) clamped.alpha();
    float limit = (float) clamped.limit();
    if (current) {
      return GgmlCurrent.ggml_swiglu_oai(notes.next(), gate, up, alpha, limit);
    }
    long g = clamp(gate, Float.NEGATIVE_INFINITY, limit);
    long u = clamp(up, -limit, limit);
    long opened = Ggml.ggml_sigmoid(notes.next(), Ggml.ggml_scale(notes.next(), g, alpha));
    long glu = Ggml.ggml_mul(notes.next(), g, opened);
    return Ggml.ggml_add(notes.next(), Ggml.ggml_mul(notes.next(), u, glu), glu);
  }
}
