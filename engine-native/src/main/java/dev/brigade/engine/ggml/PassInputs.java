package dev.brigade.engine.ggml;

import dev.brigade.engine.ggml.binding.GgmlTensor;
import dev.brigade.engine.ggml.binding.GgmlType;
import dev.brigade.model.engine.PassChunk;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The inputs of a graph that say where its rows are: positions, rows of the cache to write, masks,
 * rows to give. Each is made when it is first asked for, and filled for the chunk that runs.
 */
final class PassInputs {
  /** Minus infinity in f16. */
  private static final short MASKED = (short) 0xFC00;

  /** Rows of a mask come in multiples of this in older versions ({@code GGML_KQ_MASK_PAD}). */
  private static final int MASK_ROWS = 64;

  private final GraphInputs inputs;
  private final PassShape shape;
  private final Map<String, GgmlTensor> made = new HashMap<>();
  private List<PassChunk.Part> parts = List.of();

  PassInputs(GraphInputs inputs, PassShape shape) {
    this.inputs = inputs;
    this.shape = shape;
  }

  /** Says which chunk runs next; it has the graph's shape. */
  void use(PassChunk chunk) {
    parts = chunk.parts();
  }

  /** I32 [rows]: every row's position in its sequence. */
  GgmlTensor positions() {
    return made.computeIfAbsent(
        "positions",
        key ->
            inputs.add(
                GgmlType.I32,
                shape.rows(),
                1,
                target ->
                    parts.forEach(
                        part -> {
                          for (int i = 0; i < part.count(); i++) {
                            target.putInt(part.start() + i);
                          }
                        })));
  }

  /** I32 [outputs]: the rows whose logits are wanted. */
  GgmlTensor outputRows() {
    return made.computeIfAbsent(
        "outputs",
        key ->
            inputs.add(
                GgmlType.I32,
                shape.outputs(),
                1,
                target ->
                    shape
                        .parts()
                        .forEach(
                            part -> {
                              int end = part.row() + part.count();
                              for (int row = end - part.outputs(); row < end; row++) {
                                target.putInt(row);
                              }
                            })));
  }

  /** I64 [count]: the rows of its cache that a part is written to. */
  GgmlTensor cacheRows(int part) {
    return made.computeIfAbsent(
        "rows " + part,
        key ->
            inputs.add(
                GgmlType.I64,
                shape.parts().get(part).count(),
                1,
                target -> {
                  PassChunk.Part at = parts.get(part);
                  for (int i = 0; i < at.count(); i++) {
                    target.putLong(at.start() + i);
                  }
                }));
  }

  /**
   * F16 [rows, rounded up; keys]: what is added to the scores of a part's last rows.
   *
   * @param count how many of the last ones
   * @param window positions that a token sees, itself included
   * @param extra further columns that all tokens see
   */
  GgmlTensor mask(int part, int count, int window, int extra) {
    PassShape.Part of = shape.parts().get(part);
    int columns = of.keys() + extra;
    int rows = (count + MASK_ROWS - 1) / MASK_ROWS * MASK_ROWS;
    return made.computeIfAbsent(
        "mask %d %d %d %d".formatted(part, count, window, extra),
        key ->
            inputs.add(
                GgmlType.F16,
                columns,
                rows,
                target -> fillMask(target, parts.get(part), count, window, of.keys(), extra)));
  }

  private static void fillMask(
      ByteBuffer target, PassChunk.Part part, int count, int window, int keys, int extra) {
    for (int i = part.count() - count; i < part.count(); i++) {
      int position = part.start() + i;
      int first = Math.max(0, position - window + 1);
      for (int key = 0; key < keys; key++) {
        target.putShort(key >= first && key <= position ? 0 : MASKED);
      }
      for (int column = 0; column < extra; column++) {
        target.putShort((short) 0);
      }
    }
  }
}
