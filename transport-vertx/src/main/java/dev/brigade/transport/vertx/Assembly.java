package dev.brigade.transport.vertx;

import dev.brigade.spi.transport.Message;
import dev.brigade.transport.vertx.Frame.Chunk;
import dev.brigade.transport.vertx.Frame.Opening;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** A message being put together again, part by part as it was sent. */
final class Assembly {
  private final Opening opening;
  private final List<byte[]> parts = new ArrayList<>();
  private long missing;
  private int part;
  private int offset;

  Assembly(Opening opening) throws MalformedFrameException {
    this.opening = opening;
    for (int bytes : opening.parts()) {
      parts.add(new byte[bytes]);
      missing += bytes;
    }
    add(opening.chunk());
  }

  /** Bytes of the body that an opening announces. */
  static long bodyBytes(Opening opening) {
    return opening.parts().stream().mapToLong(Integer::longValue).sum();
  }

  void add(Chunk chunk) throws MalformedFrameException {
    if (chunk.length() > missing) {
      throw new MalformedFrameException(
          chunk.length() + " bytes of a body that lacks " + missing + " bytes");
    }
    int from = chunk.from();
    while (from < chunk.to()) {
      byte[] target = parts.get(part);
      int count = Math.min(chunk.to() - from, target.length - offset);
      chunk.buffer().getBytes(from, from + count, target, offset);
      from += count;
      offset += count;
      if (offset == target.length) {
        part++;
        offset = 0;
      }
    }
    missing -= chunk.length();
  }

  boolean isDone() {
    return missing == 0;
  }

  Opening opening() {
    return opening;
  }

  /** The whole message. */
  Message message() throws MalformedFrameException {
    try {
      List<ByteBuffer> body = parts.stream().map(ByteBuffer::wrap).toList();
      return new Message(opening.origin().lane(), opening.kind(), opening.head(), body);
    } catch (IllegalArgumentException e) {
      throw new MalformedFrameException(e.getMessage(), e);
    }
  }
}
