package dev.brigade.spi.transport;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * What one node tells another, or answers. The transport reads the buffers without moving their
 * positions; the sender leaves their bytes alone until the send has completed. What is received
 * belongs to the receiver: the same parts, positions at 0, in byte order as Java makes buffers, so
 * that a reader sets its own.
 *
 * @param lane which queue it takes
 * @param kind what it is, by which the receiver dispatches
 * @param head a small description, at most 64 KiB
 * @param body payload, in parts so that nothing needs to be copied together
 */
public record Message(Lane lane, String kind, ByteBuffer head, List<ByteBuffer> body) {

  /** Most bytes in {@link #head()}. */
  public static final int MAX_HEAD_BYTES = 64 * 1024;

  public Message {
    body = List.copyOf(body);
    if (kind.isBlank() || kind.length() > 64) {
      throw new IllegalArgumentException("message kind '" + kind + "' is not 1..64 characters");
    }
    if (head.remaining() > MAX_HEAD_BYTES) {
      throw new IllegalArgumentException(
          "head of message '" + kind + "' has " + head.remaining() + " bytes, at most 65536 go");
    }
  }

  /** Bytes of all parts of the body together. */
  public long bodyBytes() {
    return body.stream().mapToLong(ByteBuffer::remaining).sum();
  }
}
