package dev.brigade.transport.vertx;

import dev.brigade.spi.transport.Lane;
import dev.brigade.spi.transport.Message;
import dev.brigade.spi.transport.NodeId;
import dev.brigade.transport.vertx.Frame.Abandonment;
import dev.brigade.transport.vertx.Frame.Chunk;
import dev.brigade.transport.vertx.Frame.Continuation;
import dev.brigade.transport.vertx.Frame.Credit;
import dev.brigade.transport.vertx.Frame.Opening;
import dev.brigade.transport.vertx.Frame.Origin;
import dev.brigade.transport.vertx.Frame.Probe;
import io.vertx.core.buffer.Buffer;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Frames as bytes, big-endian:
 *
 * <pre>
 * int header length | header | chunk of the body
 * header: version 1 (byte) | type (byte) | lane (byte) | sender (short length, bytes)
 *         | epoch (long) | sequence (long)
 * opening, then: exchange (long) | subject (byte) | kind (short length, bytes)
 *         | head (int length, bytes) | parts (int count, int lengths)
 * </pre>
 */
final class FrameCodec {
  private static final int VERSION = 1;
  private static final int MAX_HEADER_BYTES = 2 * Message.MAX_HEAD_BYTES;

  /** Most parts in one body. */
  static final int MAX_PARTS = 4096;

  private enum Type {
    OPENING,
    CONTINUATION,
    ABANDONMENT,
    CREDIT,
    PROBE
  }

  private FrameCodec() {}

  /** The header of an opening, to which the caller appends {@code chunkBytes} of the body. */
  static Buffer opening(
      Origin origin, long exchange, Subject subject, Message message, int chunkBytes) {
    byte[] kind = message.kind().getBytes(StandardCharsets.UTF_8);
    ByteBuffer head = message.head().duplicate();
    int extra = 8 + 1 + 2 + kind.length + 4 + head.remaining() + 4 + 4 * message.body().size();
    ByteBuffer header = header(Type.OPENING, origin, extra);
    header.putLong(exchange).put((byte) subject.ordinal());
    header.putShort((short) kind.length).put(kind);
    header.putInt(head.remaining()).put(head);
    header.putInt(message.body().size());
    message.body().forEach(part -> header.putInt(part.remaining()));
    return buffer(header, chunkBytes);
  }

  /** The header of a continuation, to which the caller appends {@code chunkBytes} of the body. */
  static Buffer continuation(Origin origin, int chunkBytes) {
    return buffer(header(Type.CONTINUATION, origin, 0), chunkBytes);
  }

  static Buffer abandonment(Origin origin) {
    return buffer(header(Type.ABANDONMENT, origin, 0), 0);
  }

  static Buffer credit(Origin origin) {
    return buffer(header(Type.CREDIT, origin, 0), 0);
  }

  static Buffer probe(Origin origin) {
    return buffer(header(Type.PROBE, origin, 0), 0);
  }

  private static ByteBuffer header(Type type, Origin origin, int extra) {
    byte[] sender = origin.sender().value().getBytes(StandardCharsets.US_ASCII);
    int length = 3 + 2 + sender.length + 16 + extra;
    ByteBuffer header = ByteBuffer.allocate(4 + length).putInt(length);
    header.put((byte) VERSION).put((byte) type.ordinal()).put((byte) origin.lane().ordinal());
    header.putShort((short) sender.length).put(sender);
    return header.putLong(origin.epoch()).putLong(origin.sequence());
  }

  private static Buffer buffer(ByteBuffer header, int chunkBytes) {
    return Buffer.buffer(header.capacity() + chunkBytes).appendBytes(header.array());
  }

  /**
   * Reads a frame; its chunk stays in {@code buffer}.
   *
   * @throws MalformedFrameException if it is not one
   */
  static Frame decode(Buffer buffer) throws MalformedFrameException {
    try {
      int length = buffer.length() < 4 ? -1 : buffer.getInt(0);
      if (length < 0 || length > MAX_HEADER_BYTES || length > buffer.length() - 4) {
        throw new MalformedFrameException(
            "header of " + length + " bytes in a frame of " + buffer.length());
      }
      ByteBuffer header = ByteBuffer.wrap(buffer.getBytes(4, 4 + length));
      int version = header.get();
      if (version != VERSION) {
        throw new MalformedFrameException("version " + version + ", this node speaks " + VERSION);
      }
      Type type = one(Type.values(), header.get());
      Lane lane = one(Lane.values(), header.get());
      NodeId sender = new NodeId(text(header));
      Origin origin = new Origin(sender, header.getLong(), lane, header.getLong());
      Chunk chunk = new Chunk(buffer, 4 + length, buffer.length());
      Frame frame =
          switch (type) {
            case OPENING -> opening(origin, header, chunk);
            case CONTINUATION -> new Continuation(origin, chunk);
            case ABANDONMENT -> new Abandonment(origin);
            case CREDIT -> new Credit(origin);
            case PROBE -> new Probe(origin);
          };
      if (header.hasRemaining()) {
        throw new MalformedFrameException(header.remaining() + " bytes too many in the header");
      }
      return frame;
    } catch (BufferUnderflowException | IllegalArgumentException e) {
      throw new MalformedFrameException("bad header: " + e, e);
    }
  }

  private static Opening opening(Origin origin, ByteBuffer header, Chunk chunk)
      throws MalformedFrameException {
    long exchange = header.getLong();
    Subject subject = one(Subject.values(), header.get());
    String kind = text(header);
    byte[] head = new byte[within(header.getInt(), Message.MAX_HEAD_BYTES, "head bytes")];
    header.get(head);
    int count = within(header.getInt(), MAX_PARTS, "parts");
    List<Integer> parts = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      parts.add(within(header.getInt(), Integer.MAX_VALUE, "bytes of a part"));
    }
    return new Opening(origin, exchange, subject, kind, ByteBuffer.wrap(head), parts, chunk);
  }

  private static String text(ByteBuffer header) throws MalformedFrameException {
    byte[] bytes = new byte[within(header.getShort(), header.remaining(), "bytes of text")];
    header.get(bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static int within(int value, int most, String what) throws MalformedFrameException {
    if (value < 0 || value > most) {
      throw new MalformedFrameException(value + " " + what + ", at most " + most);
    }
    return value;
  }

  private static <E> E one(E[] values, byte ordinal) throws MalformedFrameException {
    return values[within(ordinal, values.length - 1, "as the number of a choice")];
  }
}
