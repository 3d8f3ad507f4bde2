package dev.brigade.model.weights;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.brigade.spi.engine.EngineException.BadModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Which safetensors files a folder's weights are in: {@code model.safetensors}, or the shards that
 * {@code model.safetensors.index.json} lists. Names in an index come from strangers: one that is
 * not a plain file name is refused.
 *
 * @param files in the order of their names
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
   * @throws BadModel if it has neither file, or the index is broken or names what is not there
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
    for (Map.Entry<String, JsonNode> field : weightMap(index).properties()) {
      files.put(field.getKey(), shard(index, field.getKey(), field.getValue()));
    }
    return new SafetensorsFolder(List.copyOf(new TreeSet<>(files.values())), files);
  }

  private static JsonNode weightMap(Path index) throws BadModel {
    try {
      JsonNode map = new ObjectMapper().readTree(index.toFile()).path("weight_map");
      if (!map.isObject() || map.isEmpty()) {
        throw new BadModel(index + ": 'weight_map' is missing or empty");
      }
      return map;
    } catch (JsonProcessingException e) {
      throw new BadModel(index + " is not JSON: " + e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw new BadModel(index + " cannot be read: " + e.getMessage(), e);
    }
  }

  private static Path shard(Path index, String tensor, JsonNode value) throws BadModel {
    String name = value.asText();
    if (!value.isTextual() || !name.matches("[^/\\\\:\\x00-\\x1f]+") || name.matches("\\.+")) {
      throw new BadModel(
          "%s: tensor '%s' is said to be in %s, which is no plain file name"
              .formatted(index, tensor, value));
    }
    Path file = index.resolveSibling(name);
    if (!Files.isRegularFile(file)) {
      throw new BadModel("%s lists %s, which is not there".formatted(index, name));
    }
    return file;
  }
}
