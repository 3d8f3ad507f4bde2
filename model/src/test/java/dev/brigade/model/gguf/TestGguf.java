package dev.brigade.model.gguf;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Writes small GGUF files, whose tensors are F32. */
public final class TestGguf {
  private static final int ALIGNMENT = 32;
  private final Map<String, Object> metadata = new LinkedHashMap<>();
  private final Map<String, float[][]> tensors = new LinkedHashMap<>();

  /** Adds a value: a String, Boolean, Integer, Float, or a list of one of these. */
  public TestGguf with(String key, Object value) {
    metadata.put(key, value);
    return this;
  }

  /** Takes a value out again. */
  public TestGguf without(String key) {
    metadata.remove(key);
    return this;
  }

  /** Adds a matrix. */
  public TestGguf withTensor(String name, float[]... rows) {
    tensors.put(name, rows);
    return this;
  }

  /** Writes the file, and says where. */
  public Path write(Path path) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes("GGUF".getBytes(StandardCharsets.US_ASCII));
    int32(out, 3);
    int64(out, tensors.size());
    int64(out, metadata.size());
    metadata.forEach(
        (key, value) -> {
          text(out, key);
          int32(out, type(value));
          value(out, value);
        });
    long at = 0;
    for (Map.Entry<String, float[][]> tensor : tensors.entrySet()) {
      int rows = tensor.getValue().length;
      int columns = tensor.getValue()[0].length;
      text(out, tensor.getKey());
      int32(out, 2);
      int64(out, columns);
      int64(out, rows);
      int32(out, 0);
      int64(out, at);
      at += aligned((long) rows * columns * Float.BYTES);
    }
    pad(out);
    for (float[][] rows : tensors.values()) {
      for (float[] row : rows) {
        for (float value : row) {
          int32(out, Float.floatToRawIntBits(value));
        }
      }
      pad(out);
    }
    return Files.write(path, out.toByteArray());
  }

  private static long aligned(long bytes) {
    return (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
  }

  private static void pad(ByteArrayOutputStream out) {
    out.writeBytes(new byte[(int) (aligned(out.size()) - out.size())]);
  }

  private static int type(Object value) {
    if (value instanceof Integer) {
      return 5;
    } else if (value instanceof Float) {
      return 6;
    } else if (value instanceof Boolean) {
      return 7;
    } else if (value instanceof String) {
      return 8;
    } else if (value instanceof List) {
      return 9;
    }
    throw new IllegalArgumentException("no type for " + value);
  }

  private static void value(ByteArrayOutputStream out, Object value) {
    if (value instanceof Integer number) {
      int32(out, number);
    } else if (value instanceof Float number) {
      int32(out, Float.floatToRawIntBits(number));
    } else if (value instanceof Boolean flag) {
      out.write(flag ? 1 : 0);
    } else if (value instanceof String text) {
      text(out, text);
    } else if (value instanceof List<?> list) {
      int32(out, list.isEmpty() ? 8 : type(list.get(0)));
      int64(out, list.size());
      list.forEach(entry -> value(out, entry));
    }
  }

  private static void text(ByteArrayOutputStream out, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    int64(out, bytes.length);
    out.writeBytes(bytes);
  }

  private static void int32(ByteArrayOutputStream out, int value) {
    out.writeBytes(ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(value).array());
  }

  private static void int64(ByteArrayOutputStream out, long value) {
    out.writeBytes(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(value).array());
  }
}
