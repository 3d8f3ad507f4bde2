package dev.brigade.engine.ggml.bench;

import dev.brigade.engine.ggml.binding.Conversion;
import dev.brigade.engine.ggml.binding.GgmlType;
import dev.brigade.engine.ggml.binding.NativeBytes;
import dev.brigade.model.bench.PlainLlama;
import dev.brigade.model.bench.PlainLlama.Part;
import dev.brigade.model.weights.Checkpoint;
import dev.brigade.model.weights.Weight;
import dev.brigade.spi.Progress;
import dev.brigade.spi.engine.DType;
import dev.brigade.spi.engine.EngineException;
import dev.brigade.spi.engine.Tensor;
import java.io.IOException;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The tensors of a Llama as llama.cpp names and stores them: rows of queries and keys are
 * reordered, since it rotates neighbouring columns.
 */
final class LlamaTensors {
  private static final long SLICE_BYTES = 32L << 20;
  private static final Map<Part, String> NAMES =
      new EnumMap<>(
          Map.of(
              Part.INPUT_NORM, "attn_norm",
              Part.POST_NORM, "ffn_norm",
              Part.Q, "attn_q",
              Part.K, "attn_k",
              Part.V, "attn_v",
              Part.O, "attn_output",
              Part.GATE, "ffn_gate",
              Part.UP, "ffn_up",
              Part.DOWN, "ffn_down"));

  private final List<Source> sources = new ArrayList<>();

  /** Where one tensor comes from; {@code headWidth} is 0 where rows stay in their order. */
  private record Source(String name, Weight weight, GgmlType type, int headWidth) {
    GgufOutput.Entry entry() {
      long bytes = type.bytes(weight.elements());
      return new GgufOutput.Entry(name, weight.shape(), type.code(), bytes);
    }
  }

  private LlamaTensors() {}

  /** All of them, matrices in one type and norms in f32. */
  static LlamaTensors of(PlainLlama llama, GgmlType matrices) {
    LlamaTensors tensors = new LlamaTensors();
    tensors.add("token_embd", llama.embedding(), matrices, 0);
    tensors.add("output_norm", llama.norm(), GgmlType.F32, 0);
    if (!llama.tied()) {
      tensors.add("output", llama.head(), matrices, 0);
    }
    for (int layer = 0; layer < llama.layers(); layer++) {
      for (Part part : Part.values()) {
        boolean norm = part == Part.INPUT_NORM || part == Part.POST_NORM;
        boolean rotated = part == Part.Q || part == Part.K;
        tensors.add(
            "blk." + layer + "." + NAMES.get(part),
            llama.of(layer, part),
            norm ? GgmlType.F32 : matrices,
            rotated ? llama.headWidth() : 0);
      }
    }
    return tensors;
  }

  private void add(String name, Weight weight, GgmlType type, int headWidth) {
    sources.add(new Source(name + ".weight", weight, type, headWidth));
  }

  List<GgufOutput.Entry> entries() {
    return sources.stream().map(Source::entry).toList();
  }

  /** Memory on disk. */
  long bytes() {
    return entries().stream().mapToLong(GgufOutput.Entry::padded).sum();
  }

  /** Writes the data in the order of the entries. */
  void write(Checkpoint checkpoint, GgufOutput out, Consumer<Progress> progress)
      throws IOException, EngineException {
    long total = bytes();
    long done = 0;
    for (Source source : sources) {
      write(source, checkpoint, out);
      out.align();
      done += source.entry().padded();
      progress.accept(new Progress("writing a GGUF file", done, total));
    }
  }

  /** A reordered matrix is small enough to be read as a whole. */
  private static void write(Source source, Checkpoint checkpoint, GgufOutput out)
      throws IOException, EngineException {
    DType as = readAs(source.type());
    long rows = source.weight().shape().get(0);
    long rowBytes = source.weight().elements() / rows * as.bytes();
    long step = source.headWidth() > 0 ? rows : Math.max(1, SLICE_BYTES / rowBytes);
    for (long from = 0; from < rows; from += step) {
      long to = Math.min(rows, from + step);
      Weight slice = to - from == rows ? source.weight() : source.weight().rows(from, to);
      Tensor read = checkpoint.read(slice, as);
      ByteBuffer bytes =
          source.headWidth() == 0
              ? read.bytes()
              : interleaved(read.bytes(), source.headWidth(), Math.toIntExact(rowBytes));
      write(bytes, source.type(), rowBytes / as.bytes(), out);
      Reference.reachabilityFence(read);
    }
  }

  private static DType readAs(GgmlType type) {
    return switch (type.code()) {
      case 1 -> DType.F16;
      case 30 -> DType.BF16;
      default -> DType.F32;
    };
  }

  private static void write(ByteBuffer bytes, GgmlType type, long width, GgufOutput out)
      throws IOException {
    if (type.blockElements() == 1) {
      out.write(bytes);
      return;
    }
    long rows = bytes.remaining() / Float.BYTES / width;
    long size = type.bytes(rows * width);
    try (NativeBytes room = NativeBytes.allocate(size)) {
      ByteBuffer blocks = room.slice(0, size);
      Conversion.quantize(type, bytes, width, blocks);
      out.write(blocks);
    }
  }

  /** Of every head, the rows i and i + n/2 side by side. */
  private static ByteBuffer interleaved(ByteBuffer rows, int headWidth, int rowBytes) {
    ByteBuffer result = ByteBuffer.allocateDirect(rows.remaining());
    int half = headWidth / 2;
    for (int row = 0; row < rows.remaining() / rowBytes; row++) {
      int head = row / headWidth * headWidth;
      int within = row % headWidth;
      int from = head + within / 2 + within % 2 * half;
      result.put(rows.slice(rows.position() + from * rowBytes, rowBytes));
    }
    return result.flip().order(java.nio.ByteOrder.LITTLE_ENDIAN);
  }
}
