package dev.brigade.engine.ggml.binding;

import java.lang.ref.Reference;
import java.nio.ByteBuffer;

/** Conversion of rows between element types. Buffers are direct; what remains of them counts. */
public final class Conversion {
  private static final long NO_IMPORTANCE = 0;

  private Conversion() {}

  /**
   * Quantises f32 rows.
   *
   * @param width elements of a row
   * @param blocks room for as many as there are, at least
   */
  public static void quantize(GgmlType type, ByteBuffer floats, long width, ByteBuffer blocks) {
    long rows = floats.remaining() / Float.BYTES / width;
    Ggml.ggml_quantize_chunk(
        type.code(),
        NativeBytes.address(floats),
        NativeBytes.address(blocks),
        0,
        rows,
        width,
        NO_IMPORTANCE);
    Reference.reachabilityFence(floats);
    Reference.reachabilityFence(blocks);
  }

  /** Rounds f32 to f16. */
  public static void toHalf(ByteBuffer floats, ByteBuffer halves) {
    long count = floats.remaining() / Float.BYTES;
    Ggml.ggml_fp32_to_fp16_row(NativeBytes.address(floats), NativeBytes.address(halves), count);
    Reference.reachabilityFence(floats);
    Reference.reachabilityFence(halves);
  }

  /** Widens f16 to f32. */
  public static void fromHalf(ByteBuffer halves, ByteBuffer floats) {
    long count = floats.remaining() / Float.BYTES;
    Ggml.ggml_fp16_to_fp32_row(NativeBytes.address(halves), NativeBytes.address(floats), count);
    Reference.reachabilityFence(floats);
    Reference.reachabilityFence(halves);
  }
}
