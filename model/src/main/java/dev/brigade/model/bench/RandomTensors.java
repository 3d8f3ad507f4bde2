package dev.brigade.model.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.brigade.model.weights.HalfPrecision;
import dev.brigade.model.weights.Weight;
import dev.brigade.spi.Progress;
import dev.brigade.spi.engine.DType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/**
 * Writes a safetensors file of random numbers, a few MiB at a time. Matrices are spread evenly with
 * the deviation that trained ones are usually started with; factors of norms are near 1.
 */
final class RandomTensors {
  private static final int BUFFER_BYTES = 4 << 20;

  /** Half the width of an even spread whose standard deviation is 0.02. */
  private static final float SPREAD = 0.02f * 1.7320508f;

  private final DType type;
  private final long seed;
  private final ByteBuffer buffer =
      ByteBuffer.allocate(BUFFER_BYTES).order(ByteOrder.LITTLE_ENDIAN);

  RandomTensors(DType type, long seed) {
    this.type = type;
    this.seed = seed;
  }

  /**
   * Writes the file.
   *
   * @param tensors in their order in the file, and whether each is a vector of factors
   * @param total bytes of all of them
   */
  void write(Path file, Map<Weight.Named, Boolean> tensors, long total, Consumer<Progress> progress)
      throws IOException {
    try (FileChannel out =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      writeHeader(out, tensors.keySet());
      long done = 0;
      for (Map.Entry<Weight.Named, Boolean> tensor : tensors.entrySet()) {
        // A number of its own for each tensor: their order in the file does not matter.
        SplittableRandom random = new SplittableRandom(seed ^ tensor.getKey().name().hashCode());
        float mean = tensor.getValue() ? 1 : 0;
        long left = tensor.getKey().elements();
        while (left > 0) {
          int count = (int) Math.min(left, BUFFER_BYTES / type.bytes());
          fill(random, mean, count);
          done += buffer.remaining();
          while (buffer.hasRemaining()) {
            out.write(buffer);
          }
          left -= count;
          progress.accept(new Progress("writing random weights", done, total));
        }
      }
    }
  }

  private void writeHeader(FileChannel out, Iterable<Weight.Named> tensors) throws IOException {
    ObjectNode header = new ObjectMapper().createObjectNode();
    long end = 0;
    for (Weight.Named tensor : tensors) {
      ObjectNode entry = header.putObject(tensor.name()).put("dtype", type.name());
      tensor.shape().forEach(entry.withArray("shape")::add);
      entry.withArray("data_offsets").add(end).add(end + tensor.elements() * type.bytes());
      end += tensor.elements() * type.bytes();
    }
    StringBuilder json = new StringBuilder(header.toString());
    while ((json.length() + Long.BYTES) % 64 != 0) {
      json.append(' ');
    }
    byte[] text = json.toString().getBytes(StandardCharsets.US_ASCII);
    ByteBuffer bytes = ByteBuffer.allocate(Long.BYTES + text.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putLong(text.length).put(text).flip();
    while (bytes.hasRemaining()) {
      out.write(bytes);
    }
  }

  private void fill(SplittableRandom random, float mean, int count) {
    buffer.clear();
    long bits = 0;
    for (int i = 0; i < count; i++) {
      // Sixteen random bits are enough for a number: four numbers of each draw.
      bits = i % 4 == 0 ? random.nextLong() : bits >>> 16;
      float value = mean + (short) bits / 32768f * SPREAD;
      if (type == DType.BF16) {
        buffer.putShort(HalfPrecision.toBf16(value));
      } else {
        buffer.putFloat(value);
      }
    }
    buffer.flip();
  }
}
