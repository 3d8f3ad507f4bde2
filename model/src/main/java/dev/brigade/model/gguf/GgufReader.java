package dev.brigade.model.gguf;

import dev.brigade.model.weights.MappedFile;
import dev.brigade.spi.engine.EngineException.BadModel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Reads values one after the other; every length is checked against what the file has left. */
final class GgufReader {
  private static final int MOST_DEPTH = 4;

  private final MappedFile file;
  private long at;

  GgufReader(MappedFile file) {
    this.file = file;
  }

  long position() {
    return at;
  }

  BadModel wrong(String what) {
    return new BadModel("%s at byte %d: %s".formatted(file.path(), at, what));
  }

  int int32() throws BadModel {
    return take(4).getInt();
  }

  long int64() throws BadModel {
    return take(8).getLong();
  }

  /** A count whose items take {@code leastBytes} each at least. */
  long count(String what, int leastBytes) throws BadModel {
    long count = int64();
    if (count < 0 || count > (file.size() - at) / leastBytes) {
      throw wrong(
          "%s %s are announced, more than the file's %d bytes hold; it is truncated or no GGUF file"
              .formatted(Long.toUnsignedString(count), what, file.size()));
    }
    return count;
  }

  String text() throws BadModel {
    int length = Math.toIntExact(Math.min(count("bytes of text", 1), Integer.MAX_VALUE));
    byte[] bytes = new byte[length];
    take(length).get(bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /** A value of metadata: a Long, Double, Boolean or String, or a List of such. */
  Object value() throws BadModel {
    return value(int32(), 0);
  }

  private Object value(int type, int depth) throws BadModel {
    return switch (type) {
      case 0 -> (long) (take(1).get() & 0xff);
      case 1 -> (long) take(1).get();
      case 2 -> (long) (take(2).getShort() & 0xffff);
      case 3 -> (long) take(2).getShort();
      case 4 -> int32() & 0xffffffffL;
      case 5 -> (long) int32();
      // The shortest decimal that means this float, which is what the config had.
      case 6 -> Double.valueOf(Float.toString(take(4).getFloat()));
      case 7 -> take(1).get() != 0;
      case 8 -> text();
      case 9 -> list(depth);
      case 10, 11 -> int64();
      case 12 -> take(8).getDouble();
      default -> throw wrong("value type " + type + " is unknown; known are 0 to 12");
    };
  }

  private List<Object> list(int depth) throws BadModel {
    if (depth == MOST_DEPTH) {
      throw wrong("lists within lists, more than " + MOST_DEPTH + " deep");
    }
    int type = int32();
    long count = count("values", 1);
    List<Object> values = new ArrayList<>();
    for (long i = 0; i < count; i++) {
      values.add(value(type, depth + 1));
    }
    return values;
  }

  private ByteBuffer take(int bytes) throws BadModel {
    if (bytes > file.size() - at) {
      throw wrong("the file is truncated: %d bytes".formatted(file.size()));
    }
    try {
      ByteBuffer taken = file.slice(at, at + bytes);
      at += bytes;
      return taken;
    } catch (IOException e) {
      throw new BadModel(file.path() + " cannot be read: " + e.getMessage(), e);
    }
  }
}
