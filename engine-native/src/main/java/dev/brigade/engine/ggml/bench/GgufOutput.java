package dev.brigade.engine.ggml.bench;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;

/**
 * Writes a GGUF file from front to back: header, values, descriptions of tensors, then their data,
 * each aligned (ggml, {@code docs/gguf.md}, version 3).
 */
final class GgufOutput implements AutoCloseable {
  private static final int MAGIC = 0x46554747;
  private static final int VERSION = 3;
  private static final int U32 = 4;
  private static final int F32 = 6;
  private static final int STRING = 8;
  private static final int ALIGNMENT = 32;

  private final FileChannel channel;

  GgufOutput(Path file) throws IOException {
    channel =
        FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING);
  }

  /**
   * A tensor.
   *
   * @param shape sizes, outermost first
   * @param type its number
   * @param bytes of its data
   */
  record Entry(String name, List<Long> shape, int type, long bytes) {

    /** Bytes that its data takes in the file. */
    long padded() {
      return (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    }
  }

  /**
   * Writes all but the data, which must follow in the order of the entries.
   *
   * @param metadata Integer, Float or String by name
   */
  void header(Map<String, Object> metadata, List<Entry> entries) throws IOException {
    Words out = new Words();
    out.int32(MAGIC).int32(VERSION).int64(entries.size()).int64(metadata.size());
    metadata.forEach((key, value) -> out.text(key).value(value));
    long offset = 0;
    for (Entry entry : entries) {
      out.text(entry.name()).int32(entry.shape().size());
      for (int i = entry.shape().size() - 1; i >= 0; i--) {
        out.int64(entry.shape().get(i));
      }
      out.int32(entry.type()).int64(offset);
      offset += entry.padded();
    }
    write(ByteBuffer.wrap(out.bytes()));
    align();
  }

  /** Appends some of a tensor's data. */
  void write(ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  /** Ends a tensor. */
  void align() throws IOException {
    int gap = (int) (-channel.position() & (ALIGNMENT - 1));
    write(ByteBuffer.allocate(gap));
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }

  /** Little-endian numbers and texts in memory. */
  private static final class Words {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    Words int32(int value) {
      return add(ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN).putInt(value));
    }

    Words int64(long value) {
      return add(ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(value));
    }

    Words text(String value) {
      byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
      int64(utf8.length);
      bytes.writeBytes(utf8);
      return this;
    }

    Words value(Object value) {
      if (value instanceof Integer number) {
        return int32(U32).int32(number);
      } else if (value instanceof Float number) {
        return int32(F32).int32(Float.floatToIntBits(number));
      }
      return int32(STRING).text((String) value);
    }

    private Words add(ByteBuffer number) {
      bytes.writeBytes(number.array());
      return this;
    }

    byte[] bytes() {
      return bytes.toByteArray();
    }
  }
}
