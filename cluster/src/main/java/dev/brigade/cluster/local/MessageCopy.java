package dev.brigade.cluster.local;

import dev.brigade.spi.transport.Message;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Copies messages, so that nobody keeps another's buffers. */
final class MessageCopy {
  private MessageCopy() {}

  static Message of(Message message) {
    return new Message(
        message.lane(),
        message.kind(),
        copy(message.head()),
        message.body().stream().map(MessageCopy::copy).toList());
  }

  private static ByteBuffer copy(ByteBuffer source) {
    ByteBuffer copy = ByteBuffer.allocate(source.remaining()).order(ByteOrder.LITTLE_ENDIAN);
    return copy.put(source.duplicate()).flip();
  }
}
