package dev.brigade.engine.mlx;

import dev.brigade.engine.mlx.binding.MlxArray;
import dev.brigade.engine.mlx.binding.Recording;
import dev.brigade.model.decoder.RopeSpec;
import java.util.ArrayList;
import java.util.List;

/**
 * Rotary positions by MLX's kernel, each row being a batch of its own, so that rows of any
 * sequences rotate in one operation.
 */
final class MlxRope {
  private final Step step;
  private final Recording g;
  private final RopeSpec spec;
  private final RotationPeriods periods;

  MlxRope(Step step, RopeSpec spec, RotationPeriods periods) {
    this.step = step;
    this.g = step.recording();
    this.spec = spec;
    this.periods = periods;
  }

  /** {@code x}, f32 {@code [rows, width]}, rotated. */
  MlxArray over(MlxArray x, int width) {
    if (step.rows().stream().map(this::rotation).distinct().count() == 1) {
      return rotated(x, step.size(), width, rotation(step.rows().get(0)), step.positions());
    }
    List<MlxArray> parts = new ArrayList<>();
    for (Step.Rows part : step.rows()) {
      int end = part.first() + part.count();
      parts.add(
          rotated(
              g.slice(x, new int[] {part.first(), 0}, new int[] {end, width}),
              part.count(),
              width,
              rotation(part),
              g.slice(step.positions(), new int[] {part.first()}, new int[] {end})));
    }
    return g.concat(parts, 0);
  }

  private RopeSpec.Rotation rotation(Step.Rows part) {
    return spec.beyond()
        .filter(beyond -> part.sequence().promptLength() > beyond.promptLength())
        .map(RopeSpec.Beyond::rotation)
        .orElse(spec.rotation());
  }

  private MlxArray rotated(
      MlxArray x, int rows, int width, RopeSpec.Rotation rotation, MlxArray positions) {
    int heads = width / spec.headWidth();
    MlxArray byHead = g.reshape(x, rows, heads, 1, spec.headWidth());
    int size = 2 * rotation.frequencies().size();
    boolean whole = spec.offset() == 0 && rotation.magnitude() == 1;
    MlxArray y =
        whole
            ? turned(byHead, size, rotation, positions)
            : columnsTurned(byHead, rows, heads, size, rotation, positions);
    return g.reshape(y, rows, width);
  }

  /** Where other columns come first, or the rotated ones are scaled: these apart from the rest. */
  private MlxArray columnsTurned(
      MlxArray x, int rows, int heads, int size, RopeSpec.Rotation rotation, MlxArray positions) {
    int from = spec.offset();
    int to = from + size;
    MlxArray columns = columns(x, rows, heads, from, to);
    if (rotation.magnitude() != 1) {
      columns = g.multiply(columns, step.number(rotation.magnitude()));
    }
    List<MlxArray> parts = new ArrayList<>();
    if (from > 0) {
      parts.add(columns(x, rows, heads, 0, from));
    }
    parts.add(turned(columns, size, rotation, positions));
    if (to < spec.headWidth()) {
      parts.add(columns(x, rows, heads, to, spec.headWidth()));
    }
    return parts.size() == 1 ? parts.get(0) : g.concat(parts, 3);
  }

  private MlxArray columns(MlxArray x, int rows, int heads, int from, int to) {
    return g.slice(x, new int[] {0, 0, 0, from}, new int[] {rows, heads, 1, to});
  }

  private MlxArray turned(MlxArray x, int size, RopeSpec.Rotation rotation, MlxArray positions) {
    boolean interleaved = spec.pairing() == RopeSpec.Pairing.INTERLEAVED;
    return g.kernels().rope(x, size, interleaved, positions, periods.of(g, rotation));
  }
}
