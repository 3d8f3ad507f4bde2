package dev.brigade.model.weights;

import dev.brigade.spi.engine.DType;
import dev.brigade.spi.engine.EngineException.BadModel;
import dev.brigade.spi.engine.Tensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The weights of a folder of safetensors files, mapped into memory. Of files that an index lists
 * some may be missing; their tensors are known by name and cannot be read.
 */
public final class SafetensorsCheckpoint implements Checkpoint {
  private final Path folder;
  private final List<MappedFile> files = new ArrayList<>();
  private final Map<String, StoredTensor> tensors = new TreeMap<>();
  private final Map<String, Path> elsewhere = new TreeMap<>();

  private SafetensorsCheckpoint(Path folder) {
    this.folder = folder;
  }

  /**
   * Opens a folder with {@code model.safetensors} or with {@code model.safetensors.index.json} and
   * those of its shards that are there, and checks all headers.
   *
   * @throws BadModel if there is no file, or one is truncated or inconsistent; names the file and
   *     the cause
   */
  public static SafetensorsCheckpoint open(Path folder) throws BadModel {
    SafetensorsFolder layout = SafetensorsFolder.of(folder);
    SafetensorsCheckpoint checkpoint = new SafetensorsCheckpoint(folder);
    try {
      for (Path file : layout.files()) {
        if (Files.isRegularFile(file)) {
          checkpoint.add(file, layout.index());
        }
      }
      checkpoint.requireAll(layout.index());
      return checkpoint;
    } catch (BadModel | RuntimeException e) {
      checkpoint.close();
      throw e;
    }
  }

  private void add(Path path, Map<String, Path> index) throws BadModel {
    try {
      MappedFile file = MappedFile.open(path);
      files.add(file);
      for (var entry : SafetensorsHeader.read(path, file.channel()).entries().values()) {
        if (index.getOrDefault(entry.name(), path).equals(path)) {
          tensors.put(entry.name(), new StoredTensor(entry, file));
        }
      }
    } catch (IOException e) {
      throw new BadModel(path + " cannot be read: " + e.getMessage(), e);
    }
  }

  private void requireAll(Map<String, Path> index) throws BadModel {
    for (Map.Entry<String, Path> listed : index.entrySet()) {
      if (tensors.containsKey(listed.getKey())) {
        continue;
      } else if (!Files.isRegularFile(listed.getValue())) {
        elsewhere.put(listed.getKey(), listed.getValue());
      } else {
        throw new BadModel(
            "tensor '%s' is not in %s, where the index says it is"
                .formatted(listed.getKey(), listed.getValue()));
      }
    }
  }

  @Override
  public Set<String> names() {
    Set<String> names = new TreeSet<>(tensors.keySet());
    names.addAll(elsewhere.keySet());
    return Collections.unmodifiableSet(names);
  }

  @Override
  public DType storedType(Weight weight) throws BadModel {
    return new WeightReader(folder, tensors, elsewhere).storedType(weight);
  }

  @Override
  public Tensor read(Weight weight, DType as) throws BadModel {
    return new WeightReader(folder, tensors, elsewhere).read(weight, as);
  }

  @Override
  public Optional<Tensor> mapped(Weight weight, DType as) throws BadModel {
    return new WeightReader(folder, tensors, elsewhere).mapped(weight, as);
  }

  @Override
  public Optional<GroupedWeight> grouped(Weight weight) throws BadModel {
    return new WeightReader(folder, tensors, elsewhere).grouped(weight);
  }

  @Override
  public void close() {
    for (MappedFile file : files) {
      try {
        file.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
