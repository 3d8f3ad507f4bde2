package dev.brigade.model.weights;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Where the elements of a tensor are. */
@FunctionalInterface
interface TensorBytes {

  /** The bytes {@code [from, to)}, counted from the tensor's first, little-endian. */
  ByteBuffer slice(long from, long to) throws IOException;

  /** Those of a file. */
  static TensorBytes of(StoredTensor tensor) {
    long begin = tensor.entry().begin();
    return (from, to) -> tensor.file().slice(begin + from, begin + to);
  }
}
