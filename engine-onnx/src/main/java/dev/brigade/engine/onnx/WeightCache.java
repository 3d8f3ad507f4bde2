package dev.brigade.engine.onnx;

import dev.brigade.model.engine.WeightFiles;
import dev.brigade.model.weights.Checkpoint;
import dev.brigade.model.weights.Weight;
import dev.brigade.spi.Cancellation;
import dev.brigade.spi.engine.DType;
import dev.brigade.spi.engine.EngineException;
import dev.brigade.spi.engine.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Weights that are not bytes of the model's files, made once and kept on disk: converted to f32, or
 * quantised. A file is named by the model's fingerprint and what was made of which weight.
 */
final class WeightCache {
  /** Counted up when the same name would stand for other bytes. */
  private static final int VERSION = 2;

  private static final long BATCH_BYTES = 4L << 20;
  private static final int ALIGNMENT = 64;

  private final Path folder;
  private final WeightFiles files;

  WeightCache(Path folder) {
    this.folder = folder;
    files = new WeightFiles(folder);
  }

  /** The operand's tensors, mapped; made first if they are not there. */
  List<ByteBuffer> tensors(
      String fingerprint, Operand operand, Checkpoint checkpoint, Cancellation cancel)
      throws EngineException {
    try {
      ByteBuffer file =
          files.get(
              name(fingerprint, operand),
              end(operand, operand.parts().size()),
              target -> fill(parts(target, operand), operand, checkpoint, cancel));
      return parts(file, operand);
    } catch (IOException e) {
      throw new EngineException.DeviceFailure(
          "the cache of weights in " + folder + " failed: " + e + "; is there room?", e);
    }
  }

  private static String name(String fingerprint, Operand operand) {
    return String.join(
        "|",
        fingerprint,
        Integer.toString(VERSION),
        operand.packing().name(),
        operand.shape().toString(),
        operand.weight().toString(),
        operand.woven().toString());
  }

  /** Where the part before {@code part} ends, rounded up. */
  private static long end(Operand operand, int part) {
    long end = 0;
    for (Packing.Part each : operand.parts().subList(0, part)) {
      end += (each.bytes() + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    }
    return end;
  }

  /** All in one mapping, since a process may have only so many. */
  private static List<ByteBuffer> parts(ByteBuffer file, Operand operand) {
    List<Packing.Part> parts = operand.parts();
    List<ByteBuffer> buffers = new ArrayList<>();
    for (int i = 0; i < parts.size(); i++) {
      int begin = Math.toIntExact(end(operand, i));
      int bytes = Math.toIntExact(parts.get(i).bytes());
      buffers.add(file.slice(begin, bytes).order(ByteOrder.LITTLE_ENDIAN));
    }
    return buffers;
  }

  private static void fill(
      List<ByteBuffer> targets, Operand operand, Checkpoint checkpoint, Cancellation cancel)
      throws EngineException {
    WeightWriter writer = new WeightWriter(operand, targets);
    List<Weight> batches = batches(operand.weight());
    List<Weight> woven = operand.woven().map(WeightCache::batches).orElse(List.of());
    for (int i = 0; i < batches.size(); i++) {
      if (cancel.isCancelled()) {
        throw new EngineException.Cancelled();
      }
      Tensor rows = checkpoint.read(batches.get(i), DType.F32);
      if (woven.isEmpty()) {
        writer.write(rows);
      } else {
        writer.write(rows, checkpoint.read(woven.get(i), DType.F32));
      }
    }
  }

  /** The weight in pieces of some megabytes, along its first dimension that can be cut. */
  private static List<Weight> batches(Weight weight) {
    int dimension = 0;
    while (weight.shape().get(dimension) == 1 && dimension + 1 < weight.shape().size()) {
      dimension++;
    }
    long entries = weight.shape().get(dimension);
    long entryBytes = Math.max(1, weight.elements() / entries * Float.BYTES);
    long step = Math.max(1, BATCH_BYTES / entryBytes);
    List<Weight> batches = new ArrayList<>();
    for (long from = 0; from < entries; from += step) {
      batches.add(weight.slice(dimension, from, Math.min(entries, from + step), 1));
    }
    return batches;
  }
}
