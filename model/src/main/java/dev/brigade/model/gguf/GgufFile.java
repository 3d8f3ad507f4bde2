package dev.brigade.model.gguf;

import dev.brigade.spi.engine.EngineException.BadModel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A GGUF file, mapped into memory and checked: every tensor lies within the file. Format: {@code
 * GGUF, u32 version, u64 tensors, u64 values}, then named values, then names, shapes, types and
 * offsets of tensors, then, aligned, their data (ggml, {@code docs/gguf.md}). Of a model that is
 * split over several files it is the first that is opened, which has all metadata; the others must
 * lie beside it.
 */
public final class GgufFile implements AutoCloseable {
  private final GgufPart first;
  private final List<GgufPart> parts = new ArrayList<>();
  private final Map<String, GgufTensor> tensors = new LinkedHashMap<>();

  private GgufFile(GgufPart first) {
    this.first = first;
    parts.add(first);
  }

  /** Whether a path is a file of this format, by its name. */
  public static boolean isOne(Path path) {
    return path.toString().endsWith(".gguf") && Files.isRegularFile(path);
  }

  /**
   * The files that a model consists of, by the name of one of them; just that one if its name does
   * not say that there are several.
   */
  public static List<Path> files(Path path) {
    return GgufSplit.files(path);
  }

  /**
   * Opens a file; the caller closes it.
   *
   * @throws BadModel if it, or one that belongs to it, is missing, truncated or inconsistent, or
   *     has tensors of a type that cannot be read
   */
  public static GgufFile open(Path path) throws BadModel {
    GgufFile file = new GgufFile(GgufPart.open(path));
    try {
      for (Path other : GgufSplit.others(file.first)) {
        file.parts.add(GgufPart.open(other));
      }
      for (GgufPart part : file.parts) {
        file.add(part);
      }
      GgufSplit.requireAll(file.first, file.tensors.size());
      return file;
    } catch (BadModel | RuntimeException e) {
      file.close();
      throw e;
    }
  }

  private void add(GgufPart part) throws BadModel {
    for (GgufTensor tensor : part.tensors().values()) {
      if (tensors.put(tensor.name(), tensor) != null) {
        throw new BadModel(
            "%s: tensor '%s' is in another part already".formatted(part.path(), tensor.name()));
      }
    }
  }

  /** Where it, or the first part of it, is. */
  public Path path() {
    return first.path();
  }

  /** Named values: Long, Double, Boolean, String, or a List of such. */
  public Map<String, Object> metadata() {
    return Collections.unmodifiableMap(first.metadata());
  }

  /** A whole number of the metadata. */
  Optional<Long> number(String key) {
    return first.number(key);
  }

  /** A text of the metadata. */
  public Optional<String> text(String key) {
    return metadata().get(key) instanceof String value ? Optional.of(value) : Optional.empty();
  }

  /** The tensors by their names here. */
  Map<String, GgufTensor> tensors() {
    return tensors;
  }

  @Override
  public void close() {
    parts.forEach(GgufPart::close);
  }
}
