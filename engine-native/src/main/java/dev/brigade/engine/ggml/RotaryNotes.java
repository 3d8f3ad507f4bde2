package dev.brigade.engine.ggml;

import dev.brigade.model.decoder.RopeSpec;
import dev.brigade.spi.engine.InsufficientMemoryException;
import java.util.List;

/**
 * Notes rotary embedding. ggml's own frequencies are a power series of one base; with base 1 they
 * are all 1, and the divisors that it takes besides say everything.
 */
final class RotaryNotes {
  private static final int F32_BYTES = 4;

  private final GraphNotes notes;
  private final PassShape shape;
  private final PassInputs inputs;
  private final ShardWeights weights;

  RotaryNotes(GraphNotes notes, PassShape shape, PassInputs inputs, ShardWeights weights) {
    this.notes = notes;
    this.shape = shape;
    this.inputs = inputs;
    this.weights = weights;
  }

  Node rope(Node x, RopeSpec spec) {
    long rotated = 0;
    int row = 0;
    int part = 0;
    // Neighbours that rotate alike go together.
    while (part < shape.parts().size()) {
      RopeSpec.Rotation rotation = rotation(spec, part);
      int rows = 0;
      while (part < shape.parts().size() && rotation(spec, part).equals(rotation)) {
        rows += shape.parts().get(part++).count();
      }
      long run = rope(x, spec, rotation, row, rows);
      rotated = row == 0 ? run : Ggml.ggml_concat(notes.next(), rotated, run, 2);
      row += rows;
    }
    return new Node(
        Ggml.ggml_reshape_2d(notes.next(), rotated, x.width(), x.rows()), x.width(), x.rows());
  }

  private RopeSpec.Rotation rotation(RopeSpec spec, int part) {
    int promptLength = shape.parts().get(part).sequence().promptLength();
    return spec.beyond()
        .filter(beyond -> promptLength > beyond.promptLength())
        .map(RopeSpec.Beyond::rotation)
        .orElse(spec.rotation());
  }

  /** Some rows as {@code [rows, heads, headWidth]}. */
  private long rope(Node x, RopeSpec spec, RopeSpec.Rotation rotation, int row, int rows) {
    int rest = spec.headWidth() - spec.offset();
    long turned = turn(columns(x, spec, row, rows, spec.offset(), rest), spec, rotation, row, rows);
    if (spec.offset() == 0) {
      return turned;
    }
    long before = columns(x, spec, row, rows, 0, spec.offset());
    return Ggml.ggml_concat(notes.next(), before, turned, 0);
  }

  private long columns(Node x, RopeSpec spec, int row, int rows, int from, int count) {
    long head = (long) spec.headWidth() * F32_BYTES;
    long stride = (long) x.width() * F32_BYTES;
    return Ggml.ggml_view_3d(
        notes.next(),
        x.tensor(),
        count,
        x.width() / spec.headWidth(),
        rows,
        head,
        stride,
        row * stride + (long) from * F32_BYTES);
  }

  private long turn(long x, RopeSpec spec, RopeSpec.Rotation rotation, int row, int rows) {
    long positions = inputs.positions();
    if (rows < shape.rows()) {
      positions = Ggml.ggml_view_1d(notes.next(), positions, rows, (long) row * Integer.BYTES);
    }
    boolean halves = spec.pairing() == RopeSpec.Pairing.HALVES;
    return Ggml.ggml_rope_ext(
        notes.next(),
        x,
        positions,
        divisors(rotation.frequencies()),
        2 * rotation.frequencies().size(),
        halves ? Ggml.ROPE_HALVES : Ggml.ROPE_INTERLEAVED,
        0,
        1,
        1,
        0,
        rotation.magnitude(),
        0,
        0);
  }

  private long divisors(List<Float> frequencies) {
    try {
      return weights.constant(frequencies.stream().map(f -> 1 / f).toList(), false);
    } catch (InsufficientMemoryException e) {
      throw new IllegalStateException(e.getMessage(), e);
    }
  }
}
