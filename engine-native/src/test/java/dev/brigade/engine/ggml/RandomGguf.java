package dev.brigade.engine.ggml;

import dev.brigade.engine.ggml.binding.Conversion;
import dev.brigade.engine.ggml.binding.GgmlType;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;

/** Writes a small llama of random weights, whose matrices ggml itself has quantised. */
final class RandomGguf {
  static final int WIDTH = 256;
  static final int LAYERS = 2;
  static final int VOCABULARY = 64;
  private static final int ALIGNMENT = 32;
  private static final int U32 = 4;
  private static final int FLOAT = 6;
  private static final int TEXT = 8;

  private final Random random = new Random(7);
  private final Map<String, Tensor> tensors = new LinkedHashMap<>();

  private RandomGguf() {}

  private record Tensor(GgmlType type, int rows, int columns, byte[] bytes) {}

  /** Writes the file and gives the elements of its matrices. */
  static long write(Path file, GgmlType matrices) throws IOException {
    RandomGguf model = new RandomGguf();
    model.matrix("token_embd.weight", VOCABULARY, matrices);
    model.vector("output_norm.weight");
    for (int layer = 0; layer < LAYERS; layer++) {
      String block = "blk." + layer + ".";
      model.vector(block + "attn_norm.weight");
      model.vector(block + "ffn_norm.weight");
      for (String name : new String[] {"attn_q", "attn_output", "ffn_gate", "ffn_up", "ffn_down"}) {
        model.matrix(block + name + ".weight", WIDTH, matrices);
      }
      model.matrix(block + "attn_k.weight", WIDTH / 2, matrices);
      model.matrix(block + "attn_v.weight", WIDTH / 2, matrices);
    }
    Files.write(file, model.bytes());
    return model.tensors.values().stream()
        .filter(tensor -> tensor.rows() > 1)
        .mapToLong(tensor -> (long) tensor.rows() * tensor.columns())
        .sum();
  }

  private void vector(String name) {
    ByteBuffer ones = little(4 * WIDTH);
    for (int i = 0; i < WIDTH; i++) {
      ones.putFloat(1 + 0.1f * (float) random.nextGaussian());
    }
    tensors.put(name, new Tensor(GgmlType.F32, 1, WIDTH, ones.array()));
  }

  private void matrix(String name, int rows, GgmlType type) {
    byte[] bytes = new byte[Math.toIntExact(type.bytes((long) rows * WIDTH))];
    if (type == GgmlType.MXFP4) {
      // Older versions do not know it; any nibbles will do, below a scale of 2^-7.
      random.nextBytes(bytes);
      for (int at = 0; at < bytes.length; at += 17) {
        bytes[at] = 120;
      }
    } else {
      quantize(type, rows, bytes);
    }
    tensors.put(name, new Tensor(type, rows, WIDTH, bytes));
  }

  private void quantize(GgmlType type, int rows, byte[] bytes) {
    float[] values = new float[rows * WIDTH];
    for (int i = 0; i < values.length; i++) {
      values[i] = 0.08f * (float) random.nextGaussian();
    }
    ByteBuffer floats =
        ByteBuffer.allocateDirect(Float.BYTES * values.length).order(ByteOrder.nativeOrder());
    floats.asFloatBuffer().put(values);
    ByteBuffer blocks = ByteBuffer.allocateDirect(bytes.length);
    Conversion.quantize(type, floats, WIDTH, blocks);
    blocks.get(bytes);
  }

  private byte[] bytes() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes("GGUF".getBytes(StandardCharsets.US_ASCII));
    int32(out, 3);
    int64(out, tensors.size());
    int64(out, 10);
    value(out, "general.architecture", "llama");
    value(out, "llama.block_count", LAYERS);
    value(out, "llama.context_length", 128);
    value(out, "llama.embedding_length", WIDTH);
    value(out, "llama.feed_forward_length", WIDTH);
    value(out, "llama.attention.head_count", 4);
    value(out, "llama.attention.head_count_kv", 2);
    value(out, "llama.rope.dimension_count", WIDTH / 4);
    value(out, "llama.attention.layer_norm_rms_epsilon", 1e-5f);
    value(out, "llama.rope.freq_base", 10_000f);
    long offset = 0;
    for (Map.Entry<String, Tensor> entry : tensors.entrySet()) {
      Tensor tensor = entry.getValue();
      text(out, entry.getKey());
      int32(out, tensor.rows() == 1 ? 1 : 2);
      int64(out, tensor.columns());
      if (tensor.rows() > 1) {
        int64(out, tensor.rows());
      }
      int32(out, tensor.type().code());
      int64(out, offset);
      offset += (tensor.bytes().length + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    }
    for (Tensor tensor : tensors.values()) {
      out.writeBytes(new byte[Math.floorMod(-out.size(), ALIGNMENT)]);
      out.writeBytes(tensor.bytes());
    }
    return out.toByteArray();
  }

  private static void value(ByteArrayOutputStream out, String key, Object value) {
    text(out, key);
    if (value instanceof Integer number) {
      int32(out, U32);
      int32(out, number);
    } else if (value instanceof Float number) {
      int32(out, FLOAT);
      int32(out, Float.floatToIntBits(number));
    } else {
      int32(out, TEXT);
      text(out, value.toString());
    }
  }

  private static void text(ByteArrayOutputStream out, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    int64(out, bytes.length);
    out.writeBytes(bytes);
  }

  private static void int32(ByteArrayOutputStream out, int value) {
    out.writeBytes(little(4).putInt(value).array());
  }

  private static void int64(ByteArrayOutputStream out, long value) {
    out.writeBytes(little(8).putLong(value).array());
  }

  private static ByteBuffer little(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
