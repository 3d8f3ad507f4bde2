package dev.brigade.model.gguf;

import dev.brigade.model.weights.MappedFile;
import dev.brigade.model.weights.StoredBlocks;
import dev.brigade.model.weights.StoredElements;
import dev.brigade.model.weights.TensorBytes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Optional;

/**
 * A tensor in a file.
 *
 * @param shape sizes, outermost first; GGUF lists them innermost first
 * @param file that has it
 * @param begin first byte, counted from the start of the file
 */
record GgufTensor(String name, GgufType type, List<Long> shape, MappedFile file, long begin) {
  GgufTensor {
    shape = List.copyOf(shape);
  }

  long elements() {
    return shape.stream().reduce(1L, Math::multiplyExact);
  }

  long bytes() {
    return Math.multiplyExact(elements() / type.blockElements(), (long) type.blockBytes());
  }

  /** The tensor as floats; quantised blocks are decoded when they are asked for. */
  StoredElements stored() {
    TensorBytes stored = TensorBytes.of(file, begin);
    if (type.quantised().isEmpty()) {
      return new StoredElements(type.floats(), shape, stored, Optional.empty());
    }
    GgufType.Quantised quantised = type.quantised().get();
    TensorBytes floats = (from, to) -> decoded(stored, quantised.decoder(), from / 4, to / 4);
    return new StoredElements(
        type.floats(), shape, floats, Optional.of(new StoredBlocks(quantised.type(), stored)));
  }

  private ByteBuffer decoded(TensorBytes stored, BlockDecoder decoder, long from, long to)
      throws IOException {
    int each = type.blockElements();
    long firstBlock = from / each;
    long lastBlock = (to + each - 1) / each;
    ByteBuffer blocks = stored.slice(firstBlock * type.blockBytes(), lastBlock * type.blockBytes());
    int count = Math.toIntExact(to - from);
    ByteBuffer out = ByteBuffer.allocate(count * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    float[] block = new float[each];
    for (long number = firstBlock; number < lastBlock; number++) {
      decoder.decode(blocks, (int) ((number - firstBlock) * type.blockBytes()), block, 0);
      int skip = (int) Math.max(0, from - number * each);
      int end = (int) Math.min(each, to - number * each);
      for (int i = skip; i < end; i++) {
        out.putFloat(block[i]);
      }
    }
    return out.flip();
  }
}
