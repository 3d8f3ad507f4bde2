package dev.brigade.engine.ggml;

import dev.brigade.engine.ggml.binding.GgmlTensor;
import dev.brigade.engine.ggml.binding.GraphNotes;
import dev.brigade.model.decoder.RopeSpec;
import dev.brigade.spi.engine.InsufficientMemoryException;
import java.util.ArrayList;
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
    List<GgmlTensor> runs = new ArrayList<>();
    int row = 0;
    int part = 0;
    // Neighbours that rotate alike go together.
    while (part < shape.parts().size()) {
      RopeSpec.Rotation rotation = rotation(spec, part);
      int rows = 0;
      while (part < shape.parts().size() && rotation(spec, part).equals(rotation)) {
        rows += shape.parts().get(part++).count();
      }
      runs.add(rope(x, spec, rotation, row, rows));
      row += rows;
    }
    GgmlTensor rotated = runs.get(0);
    for (GgmlTensor run : runs.subList(1, runs.size())) {
      rotated = notes.concat(rotated, run, 2);
    }
    return new Node(notes.reshape(rotated, x.width(), x.rows()), x.width(), x.rows());
  }

  private RopeSpec.Rotation rotation(RopeSpec spec, int part) {
    int promptLength = shape.parts().get(part).sequence().promptLength();
    return spec.beyond()
        .filter(beyond -> promptLength > beyond.promptLength())
        .map(RopeSpec.Beyond::rotation)
        .orElse(spec.rotation());
  }

  /** Some rows as {@code [rows, heads, headWidth]}. */
  private GgmlTensor rope(Node x, RopeSpec spec, RopeSpec.Rotation rotation, int row, int rows) {
    int rest = spec.headWidth() - spec.offset();
    GgmlTensor turned =
        turn(columns(x, spec, row, rows, spec.offset(), rest), spec, rotation, row, rows);
    if (spec.offset() == 0) {
      return turned;
    }
    GgmlTensor before = columns(x, spec, row, rows, 0, spec.offset());
    return notes.concat(before, turned, 0);
  }

  private GgmlTensor columns(Node x, RopeSpec spec, int row, int rows, int from, int count) {
    long head = (long) spec.headWidth() * F32_BYTES;
    long stride = (long) x.width() * F32_BYTES;
    return notes.view(
        x.tensor(),
        count,
        x.width() / spec.headWidth(),
        rows,
        head,
        stride,
        row * stride + (long) from * F32_BYTES);
  }

  private GgmlTensor turn(
      GgmlTensor x, RopeSpec spec, RopeSpec.Rotation rotation, int row, int rows) {
    GgmlTensor positions = inputs.positions();
    if (rows < shape.rows()) {
      positions = notes.view(positions, rows, (long) row * Integer.BYTES);
    }
    boolean halves = spec.pairing() == RopeSpec.Pairing.HALVES;
    return notes.rope(
        x,
        positions,
        divisors(rotation.frequencies()),
        2 * rotation.frequencies().size(),
        halves,
        rotation.magnitude());
  }

  private GgmlTensor divisors(List<Float> frequencies) {
    try {
      return weights.constant(frequencies.stream().map(f -> 1 / f).toList(), false);
    } catch (InsufficientMemoryException e) {
      throw new IllegalStateException(e.getMessage(), e);
    }
  }
}
