package dev.brigade.engine.ggml;

import dev.brigade.engine.ggml.binding.GgmlTensor;
import dev.brigade.engine.ggml.binding.GraphNotes;
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
  GgmlTensor clamp(GgmlTensor x, double low, double high) {
    GgmlTensor copy = current ? x : notes.cont(x);
    return notes.clamp(copy, (float) low, (float) high);
  }

  /** ggml's own GELU looks its values up in f16, so that f32 has to be composed. */
  GgmlTensor gelu(GgmlTensor x) {
    if (!exact) {
      return notes.gelu(x);
    }
    GgmlTensor square = notes.mul(x, x);
    GgmlTensor cubic = notes.mul(notes.scale(square, (float) CUBE), x);
    GgmlTensor inner = notes.scale(notes.add(x, cubic), (float) SQRT_2_OVER_PI);
    GgmlTensor half = notes.scale(x, 0.5f);
    GgmlTensor turned = notes.mul(half, notes.tanh(inner));
    return notes.add(half, turned);
  }

  /** Joins the two projections of a gated feed-forward block. */
  GgmlTensor gated(GgmlTensor gate, GgmlTensor up, Activation activation) {
    if (activation instanceof Activation.Swiglu) {
      return current ? notes.swiglu(gate, up) : notes.mul(notes.silu(gate), up);
    } else if (activation instanceof Activation.Geglu) {
      return current && !exact ? notes.geglu(gate, up) : notes.mul(gelu(gate), up);
    }
    Activation.ClampedSwiglu clamped = (Activation.ClampedSwiglu) activation;
    float alpha = (float) clamped.alpha();
    float limit = (float) clamped.limit();
    if (current) {
      return notes.clampedSwiglu(gate, up, alpha, limit);
    }
    GgmlTensor g = clamp(gate, Float.NEGATIVE_INFINITY, limit);
    GgmlTensor u = clamp(up, -limit, limit);
    GgmlTensor opened = notes.sigmoid(notes.scale(g, alpha));
    GgmlTensor glu = notes.mul(g, opened);
    return notes.add(notes.mul(u, glu), glu);
  }
}
