package dev.brigade.model.weights;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Where the elements of a tensor are. */
@FunctionalInterface
public interface TensorBytes {

  /** The bytes {@code [from, to)}, counted from the tensor's first, little-endian. */
  ByteBuffer slice(long from, long to) throws IOException;

  /** Those of a file, from {@code begin} on. */
  static TensorBytes of(MappedFile file, long begin) {
    return (from, to) -> file.slice(begin + from, begin + to);
  }
}
