package dev.brigade.model.weights;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.brigade.spi.engine.EngineException.BadModel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The header of a safetensors file, checked: every tensor lies within the file, has as many bytes
 * as its shape says, and the tensors fill the file without overlap or gap. A file that passes can
 * be mapped without further checks.
 *
 * <p>Format: {@code u64 n}, then {@code n} bytes of JSON, then the data (safetensors 0.5 README).
 */
final class SafetensorsHeader {
  private static final int LENGTH_BYTES = 8;

  /** The limit of the reference implementation. */
  private static final long MOST_HEADER_BYTES = 100_000_000;

  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  /**
   * A tensor in the file.
   *
   * @param begin first byte, counted from the start of the file
   * @param end one past the last byte
   */
  record Entry(String name, StoredType type, List<Long> shape, long begin, long end) {}

  private final Path file;
  private final byte[] json;
  private final Map<String, Entry> entries = new HashMap<>();

  private SafetensorsHeader(Path file, byte[] json) {
    this.file = file;
    this.json = json;
  }

  /** Reads and checks the header of an open file. */
  static SafetensorsHeader read(Path file, FileChannel channel) throws IOException, BadModel {
    long size = channel.size();
    if (size < LENGTH_BYTES) {
      throw new BadModel(
          file + " is truncated: " + size + " bytes, a safetensors file has 8 at least");
    }
    long length = bytes(channel, 0, LENGTH_BYTES).getLong();
    if (length < 2 || length > MOST_HEADER_BYTES || length > size - LENGTH_BYTES) {
      throw new BadModel(
          "%s is truncated or no safetensors file: it announces a header of %s bytes and has %d"
              .formatted(file, Long.toUnsignedString(length), size));
    }
    byte[] json = bytes(channel, LENGTH_BYTES, (int) length).array();
    SafetensorsHeader header = new SafetensorsHeader(file, json);
    header.parse(LENGTH_BYTES + length, size);
    return header;
  }

  /** The tensors by name. */
  Map<String, Entry> entries() {
    return entries;
  }

  /** The bytes of the JSON. */
  byte[] json() {
    return json;
  }

  private void parse(long dataBegin, long fileSize) throws BadModel {
    JsonNode root;
    try {
      root = JSON.readTree(json);
    } catch (JsonProcessingException e) {
      throw new BadModel(file + ": the header is not JSON: " + e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw new BadModel(file + ": the header cannot be read", e);
    }
    if (!root.isObject()) {
      throw new BadModel(file + ": the header is no JSON object");
    }
    for (Map.Entry<String, JsonNode> field : root.properties()) {
      if (!field.getKey().equals("__metadata__")) {
        entries.put(field.getKey(), entry(field.getKey(), field.getValue(), dataBegin, fileSize));
      }
    }
    requireNoOverlapOrGap(dataBegin, fileSize);
  }

  private Entry entry(String name, JsonNode node, long dataBegin, long fileSize) throws BadModel {
    StoredType type =
        StoredType.named(node.path("dtype").asText())
            .orElseThrow(() -> wrong(name, "dtype " + node.path("dtype") + " is unknown"));
    List<Long> shape = counts(name, "shape", node.path("shape"));
    List<Long> offsets = counts(name, "data_offsets", node.path("data_offsets"));
    if (offsets.size() != 2 || offsets.get(0) > offsets.get(1)) {
      throw wrong(name, "data_offsets " + offsets + " are no range");
    }
    if (offsets.get(1) > fileSize - dataBegin) {
      throw wrong(
          name,
          "data_offsets %s go beyond the %d bytes of data; the file is truncated"
              .formatted(offsets, fileSize - dataBegin));
    }
    long bits;
    try {
      bits = Math.multiplyExact(shape.stream().reduce(1L, Math::multiplyExact), type.bits());
    } catch (ArithmeticException e) {
      throw wrong(name, "shape " + shape + " is too large");
    }
    long length = offsets.get(1) - offsets.get(0);
    if (bits % 8 != 0 || bits / 8 != length) {
      throw wrong(
          name,
          "%s %s takes %d bytes, data_offsets %s hold %d"
              .formatted(type, shape, bits / 8, offsets, length));
    }
    return new Entry(name, type, shape, dataBegin + offsets.get(0), dataBegin + offsets.get(1));
  }

  private List<Long> counts(String name, String key, JsonNode node) throws BadModel {
    List<Long> counts = new ArrayList<>();
    for (JsonNode element : node) {
      if (!element.isIntegralNumber() || !element.canConvertToLong() || element.asLong() < 0) {
        throw wrong(name, key + " " + node + " must be whole numbers from 0");
      }
      counts.add(element.asLong());
    }
    if (!node.isArray()) {
      throw wrong(name, key + " is missing or no list");
    }
    return List.copyOf(counts);
  }

  private void requireNoOverlapOrGap(long dataBegin, long fileSize) throws BadModel {
    List<Entry> byOffset =
        entries.values().stream()
            .sorted(Comparator.comparingLong(Entry::begin).thenComparingLong(Entry::end))
            .toList();
    long expected = dataBegin;
    for (Entry entry : byOffset) {
      if (entry.begin() != expected) {
        String what = entry.begin() < expected ? "overlaps the tensor before it" : "follows a gap";
        throw wrong(entry.name(), "at byte " + entry.begin() + " " + what);
      }
      expected = entry.end();
    }
    if (expected != fileSize) {
      throw new BadModel(
          "%s has %d bytes, its header accounts for %d".formatted(file, fileSize, expected));
    }
  }

  private BadModel wrong(String name, String what) {
    return new BadModel("%s: tensor '%s': %s".formatted(file, name, what));
  }

  private static ByteBuffer bytes(FileChannel channel, long from, int count) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(count).order(ByteOrder.LITTLE_ENDIAN);
    while (buffer.hasRemaining()) {
      if (channel.read(buffer, from + buffer.position()) < 0) {
        throw new IOException("end of file at " + (from + buffer.position()));
      }
    }
    return buffer.flip();
  }
}
