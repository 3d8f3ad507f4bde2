package dev.brigade.launcher.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** JSON that a user hands to a command. */
final class JsonFile {
  private static final ObjectMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

  private JsonFile() {}

  /**
   * A file with a list of objects.
   *
   * @param key that the list may also stand under, in an object
   */
  static List<JsonNode> objects(Path file, String key) throws UsageException {
    JsonNode tree = parse(read(file), file.toString());
    JsonNode list = tree.isObject() && tree.has(key) ? tree.get(key) : tree;
    List<JsonNode> objects = new ArrayList<>();
    list.forEach(objects::add);
    if (!list.isArray() || !objects.stream().allMatch(JsonNode::isObject)) {
      throw new UsageException(file + ": want a list of objects, or an object with '" + key + "'");
    }
    return objects;
  }

  /** An object given on the command line. */
  static Map<String, JsonNode> object(String json, String option) throws UsageException {
    if (!(parse(json, option) instanceof ObjectNode object)) {
      throw new UsageException(
          option + ": want a JSON object such as '{\"enable_thinking\": true}'");
    }
    Map<String, JsonNode> values = new LinkedHashMap<>();
    object.properties().forEach(field -> values.put(field.getKey(), field.getValue()));
    return values;
  }

  private static JsonNode parse(String json, String source) throws UsageException {
    try {
      return JSON.readTree(json);
    } catch (JsonProcessingException e) {
      throw new UsageException(source + ": no valid JSON: " + e.getOriginalMessage());
    }
  }

  private static String read(Path file) throws UsageException {
    try {
      return Files.readString(file);
    } catch (NoSuchFileException e) {
      throw new UsageException(file + ": there is no such file");
    } catch (IOException e) {
      throw new UsageException(file + ": cannot be read: " + e.getMessage());
    }
  }
}
