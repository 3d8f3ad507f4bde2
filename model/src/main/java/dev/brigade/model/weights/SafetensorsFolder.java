package dev.brigade.model.weights;

import dev.brigade.spi.engine.EngineException.BadModel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Which safetensors files a folder's weights are in: {@code model.safetensors}, or the shards that
 * {@code model.safetensors.index.json} lists. A node that holds some of the layers may have only
 * some of the files.
 *
 * @param files in the order of their names; not all of them need be there
 * @param index file of each tensor that the index lists; empty without an index
 */
public record SafetensorsFolder(List<Path> files, Map<String, Path> index) {
  private static final String SINGLE = "model.safetensors";
  private static final String INDEX = "model.safetensors.index.json";

  public SafetensorsFolder {
    files = List.copyOf(files);
    index = Map.copyOf(index);
  }

  /** Whether there are weights in a folder. */
  public static boolean exists(Path folder) {
    return Files.exists(folder.resolve(SINGLE)) || Files.exists(folder.resolve(INDEX));
  }

  /**
   * Looks into a folder.
   *
   * @throws BadModel if it has neither file, or the index is broken
   */
  public static SafetensorsFolder of(Path folder) throws BadModel {
    Path single = folder.resolve(SINGLE);
    if (Files.exists(single)) {
      return new SafetensorsFolder(List.of(single), Map.of());
    }
    Path index = folder.resolve(INDEX);
    if (!Files.exists(index)) {
      throw new BadModel(
          "%s has no weights: neither %s nor %s is there".formatted(folder, SINGLE, INDEX));
    }
    Map<String, Path> files = new TreeMap<>();
    WeightIndex.read(index)
        .files()
        .forEach((tensor, file) -> files.put(tensor, folder.resolve(file)));
    return new SafetensorsFolder(List.copyOf(new TreeSet<>(files.values())), files);
  }

  /**
   * The same, if all of it is there.
   *
   * @throws BadModel if a file is not
   */
  public SafetensorsFolder requireWhole() throws BadModel {
    for (Path file : files) {
      if (!Files.isRegularFile(file)) {
        throw new BadModel(
            "%s lists %s, which is not there"
                .formatted(file.resolveSibling(INDEX), file.getFileName()));
      }
    }
    return this;
  }
}
