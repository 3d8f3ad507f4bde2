package dev.brigade.model.weights;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.brigade.spi.engine.EngineException.BadModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A {@code model.safetensors.index.json}: which file each tensor is in. Names in an index come from
 * strangers: one that is not a plain file name is refused.
 *
 * @param where the index itself, for errors
 * @param files name of the file of each tensor
 */
public record WeightIndex(Path where, Map<String, String> files) {

  public WeightIndex {
    files = Map.copyOf(files);
  }

  /**
   * Reads an index.
   *
   * @throws BadModel if it is no JSON, or has no names of files
   */
  public static WeightIndex read(Path index) throws BadModel {
    Map<String, String> files = new TreeMap<>();
    for (Map.Entry<String, JsonNode> field : weightMap(index).properties()) {
      files.put(field.getKey(), file(index, field.getKey(), field.getValue()));
    }
    return new WeightIndex(index, files);
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

  private static String file(Path index, String tensor, JsonNode value) throws BadModel {
    String name = value.asText();
    if (!value.isTextual() || !name.matches("[^/\\\\:\\x00-\\x1f]+") || name.matches("\\.+")) {
      throw new BadModel(
          "%s: tensor '%s' is said to be in %s, which is no plain file name"
              .formatted(index, tensor, value));
    }
    return name;
  }

  /**
   * Names of the files that are needed to evaluate weights.
   *
   * @throws BadModel if a tensor is not in the index; names it
   */
  public Set<String> filesOf(Collection<Weight> weights) throws BadModel {
    Set<String> needed = new TreeSet<>();
    for (Weight weight : weights) {
      for (Weight part : NormalForm.parts(weight, files::containsKey)) {
        String tensor = tensor(part);
        if (!files.containsKey(tensor)) {
          throw new BadModel("tensor '" + tensor + "' is missing from " + where);
        }
        needed.add(files.get(tensor));
        GroupedTensors.beside(tensor).map(files::get).filter(Objects::nonNull).forEach(needed::add);
      }
    }
    return needed;
  }

  private static String tensor(Weight part) {
    if (part instanceof Weight.Slice slice) {
      return tensor(slice.of());
    } else if (part instanceof Weight.Entry entry) {
      return tensor(entry.of());
    } else if (part instanceof Weight.Transposed transposed) {
      return tensor(transposed.of());
    } else if (part instanceof Weight.Plus plus) {
      return tensor(plus.of());
    }
    return ((Weight.Named) part).name();
  }
}
