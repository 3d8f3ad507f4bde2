package dev.brigade.transport.vertx;

import dev.brigade.spi.transport.Message;
import dev.brigade.transport.vertx.Frame.Origin;
import io.vertx.core.buffer.Buffer;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.BooleanSupplier;

/** A message on its way into frames. Reads the body's buffers without moving their positions. */
final class Outgoing {
  /** Most bytes of body in a frame. */
  static final int CHUNK_BYTES = 256 * 1024;

  private final long exchange;
  private final Subject subject;
  private final Message message;
  private final BooleanSupplier abandoned;
  private final List<ByteBuffer> parts;
  private long remaining;
  private int part;
  private boolean opened;

  /** {@code abandoned} becomes true when nobody waits any more; the body is not read after that. */
  Outgoing(long exchange, Subject subject, Message message, BooleanSupplier abandoned) {
    this.exchange = exchange;
    this.subject = subject;
    this.message = message;
    this.abandoned = abandoned;
    this.parts = message.body().stream().map(ByteBuffer::duplicate).toList();
    this.remaining = message.bodyBytes();
  }

  boolean isAbandoned() {
    return abandoned.getAsBoolean();
  }

  /** Whether the receiver has heard of it. */
  boolean isOpened() {
    return opened;
  }

  boolean isDone() {
    return opened && remaining == 0;
  }

  Message message() {
    return message;
  }

  Buffer nextFrame(Origin origin) {
    int bytes = (int) Math.min(remaining, CHUNK_BYTES);
    Buffer frame =
        opened
            ? FrameCodec.continuation(origin, bytes)
            : FrameCodec.opening(origin, exchange, subject, message, bytes);
    opened = true;
    append(frame, bytes);
    remaining -= bytes;
    return frame;
  }

  private void append(Buffer frame, int bytes) {
    int missing = bytes;
    while (missing > 0) {
      ByteBuffer source = parts.get(part);
      int count = Math.min(missing, source.remaining());
      if (source.hasArray()) {
        frame.appendBytes(source.array(), source.arrayOffset() + source.position(), count);
        source.position(source.position() + count);
      } else {
        byte[] copy = new byte[count];
        source.get(copy);
        frame.appendBytes(copy);
      }
      missing -= count;
      if (!source.hasRemaining()) {
        part++;
      }
    }
  }
}
