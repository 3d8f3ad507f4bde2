package dev.brigade.model.weights;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/**
 * A matrix, or a stack of them, as the quantised blocks in which its file stores it. Nothing is
 * read before it is asked for. Usable until the checkpoint is closed; safe for several threads.
 */
public final class BlockWeight {
  private final BlockType type;
  private final List<Long> shape;
  private final ByteRuns runs;

  BlockWeight(BlockType type, List<Long> shape, ByteRuns runs) {
    this.type = type;
    this.shape = List.copyOf(shape);
    this.runs = runs;
  }

  /** How numbers are stored; one for all blocks. */
  public BlockType type() {
    return type;
  }

  /** Sizes in numbers, outermost first; the innermost is a whole number of blocks. */
  public List<Long> shape() {
    return shape;
  }

  /** Bytes of all blocks. */
  public long bytes() {
    return runs.bytes();
  }

  /**
   * Some of the blocks' bytes, row-major: a view of the mapped file where they follow each other
   * there, else copied into newly allocated direct memory. Read-only.
   *
   * @param from first byte of those of the weight
   * @param to end; less than 2 GiB after {@code from}
   * @throws IOException if the file cannot be read
   */
  public ByteBuffer slice(long from, long to) throws IOException {
    return runs.slice(from, to);
  }

  /**
   * All blocks as a view of the mapped file, in the order of rows; its address stays valid as long
   * as the buffer is reachable.
   *
   * @return empty if rows lie apart or in another order there, or are 2 GiB or more
   * @throws IOException if the file cannot be mapped
   */
  public Optional<ByteBuffer> mapped() throws IOException {
    return runs.isOne() && bytes() <= Integer.MAX_VALUE
        ? Optional.of(slice(0, bytes()))
        : Optional.empty();
  }
}
