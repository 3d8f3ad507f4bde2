package dev.brigade.model.weights;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes safetensors files, right or wrong. */
final class Safetensors {
  private Safetensors() {}

  /** A file with this header and this many floats of data, counted up from 0. */
  static Path write(Path file, String header, int floats) {
    ByteBuffer data = ByteBuffer.allocate(floats * 4).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < floats; i++) {
      data.putFloat(i);
    }
    return write(file, header, data.array());
  }

  /** A file with this header and this data. */
  static Path write(Path file, String header, byte[] data) {
    byte[] json = header.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    ByteBuffer bytes =
        ByteBuffer.allocate(8 + json.length + data.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putLong(json.length).put(json).put(data);
    return write(file, bytes.array());
  }

  /** A file of just these bytes. */
  static Path write(Path file, byte[] bytes) {
    try {
      return Files.write(file, bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A header entry; single quotes become double ones. */
  static String entry(String name, String dtype, String shape, long from, long to) {
    return "'%s':{'dtype':'%s','shape':%s,'data_offsets':[%d,%d]}"
        .formatted(name, dtype, shape, from, to);
  }
}
