package dev.brigade.model.gguf;

import dev.brigade.model.weights.MappedFile;
import dev.brigade.spi.engine.EngineException.BadModel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One file on disk, mapped and checked; a model may be split over several. */
final class GgufPart implements AutoCloseable {
  private static final int MAGIC = 0x46554747;
  private static final int MOST_DIMENSIONS = 4;

  private final MappedFile file;
  private final Map<String, Object> metadata = new LinkedHashMap<>();
  private final Map<String, GgufTensor> tensors = new LinkedHashMap<>();

  private GgufPart(MappedFile file) {
    this.file = file;
  }

  /** Opens it; the caller closes it. */
  static GgufPart open(Path path) throws BadModel {
    MappedFile mapped;
    try {
      mapped = MappedFile.open(path);
    } catch (IOException e) {
      throw new BadModel(path + " cannot be read: " + e.getMessage(), e);
    }
    GgufPart part = new GgufPart(mapped);
    try {
      part.read(new GgufReader(mapped));
      return part;
    } catch (BadModel | RuntimeException e) {
      part.close();
      throw e;
    }
  }

  private void read(GgufReader reader) throws BadModel {
    if (reader.int32() != MAGIC) {
      throw new BadModel(file.path() + " does not begin with GGUF; it is no GGUF file");
    }
    int version = reader.int32();
    if (version != 2 && version != 3) {
      throw new BadModel(
          file.path() + " has GGUF version " + version + "; 2 and 3 are known, both little-endian");
    }
    long tensorCount = reader.count("tensors", 24);
    long valueCount = reader.count("values", 12);
    for (long i = 0; i < valueCount; i++) {
      String key = reader.text();
      metadata.put(key, reader.value());
    }
    List<GgufTensor> listed = new ArrayList<>();
    for (long i = 0; i < tensorCount; i++) {
      listed.add(tensor(reader));
    }
    long alignment = number("general.alignment").orElse(32L);
    if (alignment < 1 || alignment > 1 << 20) {
      throw new BadModel(file.path() + ": general.alignment " + alignment + " makes no sense");
    }
    long data = (reader.position() + alignment - 1) / alignment * alignment;
    for (GgufTensor tensor : listed) {
      add(tensor, data);
    }
  }

  /** A tensor whose first byte is still counted from the start of the data. */
  private GgufTensor tensor(GgufReader reader) throws BadModel {
    String name = reader.text();
    int dimensions = reader.int32();
    if (dimensions < 1 || dimensions > MOST_DIMENSIONS) {
      throw reader.wrong("tensor '" + name + "' has " + dimensions + " dimensions, want 1 to 4");
    }
    List<Long> shape = new ArrayList<>();
    long elements = 1;
    for (int i = 0; i < dimensions; i++) {
      long size = reader.int64();
      if (size < 1 || size > Long.MAX_VALUE / elements) {
        throw reader.wrong("tensor '" + name + "' has a size of " + size);
      }
      elements *= size;
      shape.add(0, size);
    }
    int code = reader.int32();
    Optional<GgufType> type = GgufType.of(code);
    if (type.isEmpty()) {
      throw reader.wrong(
          "tensor '%s' has type %d, which cannot be read; known are %s"
              .formatted(name, code, List.of(GgufType.values())));
    }
    if (shape.get(dimensions - 1) % type.get().blockElements() != 0) {
      throw reader.wrong("tensor '" + name + "' has rows that are no whole blocks: " + shape);
    }
    return new GgufTensor(name, type.get(), shape, file, reader.int64());
  }

  private void add(GgufTensor tensor, long data) throws BadModel {
    long room = file.size() - data;
    if (tensor.begin() < 0 || tensor.begin() > room || tensor.bytes() > room - tensor.begin()) {
      throw new BadModel(
          "%s: tensor '%s' goes beyond the file's %d bytes; the file is truncated"
              .formatted(file.path(), tensor.name(), file.size()));
    }
    GgufTensor placed =
        new GgufTensor(tensor.name(), tensor.type(), tensor.shape(), file, data + tensor.begin());
    if (tensors.put(tensor.name(), placed) != null) {
      throw new BadModel(file.path() + ": tensor '" + tensor.name() + "' occurs twice");
    }
  }

  Path path() {
    return file.path();
  }

  Map<String, Object> metadata() {
    return metadata;
  }

  /** A whole number of the metadata. */
  Optional<Long> number(String key) {
    return metadata.get(key) instanceof Long value ? Optional.of(value) : Optional.empty();
  }

  Map<String, GgufTensor> tensors() {
    return tensors;
  }

  @Override
  public void close() {
    try {
      file.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
