package dev.brigade.gateway.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.brigade.gateway.http.ApiError;
import dev.brigade.gateway.http.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * Typed reading of a JSON object. What is null counts as absent; what has the wrong type is refused
 * under its full name ({@code messages[2].role}); what nobody asks for is ignored.
 */
final class Parameters {
  private final ObjectNode object;
  private final String path;

  private Parameters(ObjectNode object, String path) {
    this.object = object;
    this.path = path;
  }

  static Parameters of(ObjectNode body) {
    return new Parameters(body, "");
  }

  /** The same for an element of a list. */
  static Parameters of(JsonNode element, String name) throws ApiError {
    if (element instanceof ObjectNode object) {
      return new Parameters(object, name + ".");
    }
    throw wrong(name, "an object", element);
  }

  /** The parameter's full name. */
  String name(String key) {
    return path + key;
  }

  Optional<JsonNode> value(String key) {
    return Optional.ofNullable(object.get(key)).filter(node -> !node.isNull());
  }

  Optional<String> text(String key) throws ApiError {
    Optional<JsonNode> node = value(key);
    return node.isEmpty() ? Optional.empty() : Optional.of(text(name(key), node.get()));
  }

  String requiredText(String key) throws ApiError {
    return text(key).orElseThrow(() -> missing(key));
  }

  OptionalDouble number(String key) throws ApiError {
    Optional<JsonNode> node = value(key);
    if (node.isEmpty()) {
      return OptionalDouble.empty();
    }
    if (!node.get().isNumber() || !Double.isFinite(node.get().doubleValue())) {
      throw wrong(name(key), "a number", node.get());
    }
    return OptionalDouble.of(node.get().doubleValue());
  }

  OptionalInt integer(String key, int least, int most) throws ApiError {
    Optional<JsonNode> node = value(key);
    if (node.isEmpty()) {
      return OptionalInt.empty();
    }
    return OptionalInt.of(integer(name(key), node.get(), least, most));
  }

  OptionalLong longInteger(String key) throws ApiError {
    Optional<JsonNode> node = value(key);
    if (node.isEmpty()) {
      return OptionalLong.empty();
    }
    if (!node.get().isIntegralNumber() || !node.get().canConvertToLong()) {
      throw wrong(name(key), "an integer of at most 64 bits", node.get());
    }
    return OptionalLong.of(node.get().longValue());
  }

  boolean flag(String key) throws ApiError {
    Optional<JsonNode> node = value(key);
    if (node.isPresent() && !node.get().isBoolean()) {
      throw wrong(name(key), "true or false", node.get());
    }
    return node.isPresent() && node.get().booleanValue();
  }

  /** A list; absent is empty. */
  List<JsonNode> list(String key) throws ApiError {
    Optional<JsonNode> node = value(key);
    if (node.isPresent() && !node.get().isArray()) {
      throw wrong(name(key), "a list", node.get());
    }
    List<JsonNode> elements = new ArrayList<>();
    node.ifPresent(array -> array.forEach(elements::add));
    return elements;
  }

  Optional<Parameters> object(String key) throws ApiError {
    Optional<JsonNode> node = value(key);
    return node.isEmpty() ? Optional.empty() : Optional.of(of(node.get(), name(key)));
  }

  /** The whole object as it came. */
  ObjectNode node() {
    return object;
  }

  ApiError missing(String key) {
    return ApiError.parameter(name(key), "'" + name(key) + "' is missing");
  }

  static int integer(String name, JsonNode node, int least, int most) throws ApiError {
    String expected = "an integer within " + least + ".." + most;
    if (!node.isIntegralNumber() || !node.canConvertToInt()) {
      throw wrong(name, expected, node);
    }
    if (node.intValue() < least || node.intValue() > most) {
      throw wrong(name, expected, node);
    }
    return node.intValue();
  }

  static String text(String name, JsonNode node) throws ApiError {
    if (!node.isTextual()) {
      throw wrong(name, "a string", node);
    }
    String text = node.textValue();
    // Half of a surrogate pair is no character: no tokenizer and no UTF-8 has it.
    if (text.codePoints().anyMatch(c -> c >= Character.MIN_SURROGATE && c <= 0xDFFF)) {
      throw ApiError.parameter(
          name, "'" + name + "' has half of a surrogate pair (\\ud800-\\udfff)");
    }
    return text;
  }

  static ApiError wrong(String name, String expected, JsonNode found) {
    return ApiError.parameter(
        name, "'" + name + "' must be " + expected + ", found " + Json.kind(found));
  }
}
