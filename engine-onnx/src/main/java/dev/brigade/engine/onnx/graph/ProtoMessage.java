package dev.brigade.engine.onnx.graph;

import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** A protobuf message under construction: fields are written in the order of the calls. */
final class ProtoMessage {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final CodedOutputStream out = CodedOutputStream.newInstance(bytes, 512);

  private interface Write {
    void run() throws IOException;
  }

  ProtoMessage number(int field, long value) {
    return write(() -> out.writeInt64(field, value));
  }

  ProtoMessage real(int field, float value) {
    return write(() -> out.writeFloat(field, value));
  }

  ProtoMessage text(int field, String value) {
    return write(() -> out.writeByteArray(field, value.getBytes(StandardCharsets.UTF_8)));
  }

  ProtoMessage raw(int field, byte[] value) {
    return write(() -> out.writeByteArray(field, value));
  }

  ProtoMessage message(int field, ProtoMessage value) {
    return raw(field, value.encoded());
  }

  /** The message so far. */
  byte[] encoded() {
    write(out::flush);
    return bytes.toByteArray();
  }

  private ProtoMessage write(Write write) {
    try {
      write.run();
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory failed", e);
    }
  }
}
