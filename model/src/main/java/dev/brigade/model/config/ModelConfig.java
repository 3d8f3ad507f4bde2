package dev.brigade.model.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.brigade.spi.engine.EngineException.BadModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A JSON object of settings, as Hugging Face writes them. A key with {@code null} counts as absent,
 * except where a default is to be filled in: Hugging Face's classes apply theirs only to keys that
 * are not there at all, and so does {@link #withDefaults}.
 */
public final class ModelConfig {
  /** Python writes {@code NaN} and {@code Infinity}. */
  private static final ObjectMapper JSON =
      JsonMapper.builder().enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS).build();

  private final String where;
  private final JsonNode root;

  private ModelConfig(String where, JsonNode root) {
    this.where = where;
    this.root = root;
  }

  /**
   * Reads a file.
   *
   * @throws BadModel if it is missing, unreadable or no JSON object
   */
  public static ModelConfig read(Path file) throws BadModel {
    if (!Files.isRegularFile(file)) {
      throw new BadModel(file + " is missing; a model's folder has one");
    }
    try {
      return parse(Files.readString(file), file.toString());
    } catch (IOException e) {
      throw new BadModel(file + " cannot be read: " + e.getMessage(), e);
    }
  }

  /**
   * Reads JSON text.
   *
   * @param where what errors call it
   */
  public static ModelConfig parse(String json, String where) throws BadModel {
    try {
      JsonNode root = JSON.readTree(json);
      if (!root.isObject()) {
        throw new BadModel(where + " is no JSON object");
      }
      return new ModelConfig(where, root);
    } catch (JsonProcessingException e) {
      throw new BadModel(where + " is not JSON: " + e.getOriginalMessage(), e);
    }
  }

  /** The same, with values for keys that are absent; keys that are there with null stay so. */
  public ModelConfig withDefaults(Map<String, Object> defaults) {
    ObjectNode merged = root.deepCopy();
    defaults.forEach(
        (key, value) -> {
          if (!merged.has(key)) {
            merged.set(key, JSON.valueToTree(value));
          }
        });
    return new ModelConfig(where, merged);
  }

  /** Whether a key is there and not null. */
  public boolean has(String key) {
    return root.hasNonNull(key);
  }

  /** A whole number above 0. */
  public int positive(String key) throws BadModel {
    return positive(key, require(key, "a whole number above 0"));
  }

  /** A whole number above 0, or {@code otherwise} if absent. */
  public int positive(String key, int otherwise) throws BadModel {
    return has(key) ? positive(key, root.get(key)) : otherwise;
  }

  /** A whole number from 0 on, or {@code otherwise} if absent. */
  public int count(String key, int otherwise) throws BadModel {
    return has(key) ? whole(key, root.get(key), 0, "a whole number from 0") : otherwise;
  }

  /** A number. */
  public double number(String key) throws BadModel {
    return number(key, require(key, "a number"));
  }

  /** A number, or {@code otherwise} if absent. */
  public double number(String key, double otherwise) throws BadModel {
    return has(key) ? number(key, root.get(key)) : otherwise;
  }

  /** True or false, or {@code otherwise} if absent. */
  public boolean flag(String key, boolean otherwise) throws BadModel {
    if (!has(key)) {
      return otherwise;
    }
    JsonNode value = root.get(key);
    if (!value.isBoolean()) {
      throw wrong(key, value, "true or false");
    }
    return value.booleanValue();
  }

  /** A text. */
  public String text(String key) throws BadModel {
    return text(key, require(key, "a text"));
  }

  /** A text, or {@code otherwise} if absent. */
  public String text(String key, String otherwise) throws BadModel {
    return has(key) ? text(key, root.get(key)) : otherwise;
  }

  /** A list of numbers. */
  public List<Double> numbers(String key) throws BadModel {
    List<Double> numbers = new ArrayList<>();
    for (JsonNode element : list(key)) {
      numbers.add(number(key, element));
    }
    return List.copyOf(numbers);
  }

  /** A list of whole numbers from 0 on; a single one counts as a list; empty if absent. */
  public List<Integer> counts(String key) throws BadModel {
    List<Integer> counts = new ArrayList<>();
    JsonNode value = root.path(key);
    if (value.isNumber()) {
      counts.add(whole(key, value, 0, "a whole number from 0, or a list of them"));
    } else if (has(key)) {
      for (JsonNode element : list(key)) {
        counts.add(whole(key, element, 0, "whole numbers from 0"));
      }
    }
    return List.copyOf(counts);
  }

  /** A list of texts; empty if absent. */
  public List<String> texts(String key) throws BadModel {
    List<String> texts = new ArrayList<>();
    if (has(key)) {
      for (JsonNode element : list(key)) {
        texts.add(text(key, element));
      }
    }
    return List.copyOf(texts);
  }

  /** An object of settings; empty if absent. */
  public Optional<ModelConfig> section(String key) throws BadModel {
    if (!has(key)) {
      return Optional.empty();
    }
    JsonNode value = root.get(key);
    if (!value.isObject()) {
      throw wrong(key, value, "an object");
    }
    return Optional.of(new ModelConfig(where + ", " + key, value));
  }

  /** Keys whose values are sections. */
  public List<String> sections() {
    return root.properties().stream()
        .filter(field -> field.getValue().isObject())
        .map(Map.Entry::getKey)
        .toList();
  }

  /** The first of several objects of settings that is there and not empty; an empty one if none. */
  public ModelConfig firstSection(String... keys) throws BadModel {
    for (String key : keys) {
      Optional<ModelConfig> section = section(key);
      if (section.isPresent() && !section.get().root.isEmpty()) {
        return section.get();
      }
    }
    return new ModelConfig(where + ", " + keys[0], JSON.createObjectNode());
  }

  /** An error about a key of this config. */
  public BadModel wrong(String key, String expected) {
    return wrong(key, root.path(key), expected);
  }

  /** What errors call this config: its file, or a section of it. */
  public String where() {
    return where;
  }

  private JsonNode list(String key) throws BadModel {
    JsonNode value = require(key, "a list");
    if (!value.isArray()) {
      throw wrong(key, value, "a list");
    }
    return value;
  }

  private JsonNode require(String key, String expected) throws BadModel {
    if (!has(key)) {
      throw wrong(key, root.path(key), expected);
    }
    return root.get(key);
  }

  private int positive(String key, JsonNode value) throws BadModel {
    return whole(key, value, 1, "a whole number above 0");
  }

  private int whole(String key, JsonNode value, int least, String expected) throws BadModel {
    double number = value.isNumber() ? value.doubleValue() : Double.NaN;
    if (number != Math.rint(number) || number < least || number > Integer.MAX_VALUE) {
      throw wrong(key, value, expected);
    }
    return (int) number;
  }

  private double number(String key, JsonNode value) throws BadModel {
    if (!value.isNumber()) {
      throw wrong(key, value, "a number");
    }
    return value.doubleValue();
  }

  private String text(String key, JsonNode value) throws BadModel {
    if (!value.isTextual()) {
      throw wrong(key, value, "a text");
    }
    return value.textValue();
  }

  private BadModel wrong(String key, JsonNode found, String expected) {
    String is = found.isMissingNode() ? "missing" : found.toString();
    return new BadModel("%s: '%s' is %s, expected %s".formatted(where, key, is, expected));
  }
}
