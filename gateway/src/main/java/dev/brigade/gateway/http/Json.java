package dev.brigade.gateway.http;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;

/** JSON as it crosses the wire: strict in, snake_case out. */
public final class Json {
  private static final ObjectMapper MAPPER =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
          .build();

  private Json() {}

  /**
   * Reads a request's body.
   *
   * @throws ApiError if it is anything but one JSON object
   */
  public static ObjectNode object(Buffer body) throws ApiError {
    JsonNode node;
    try {
      node = MAPPER.readTree(body.getBytes());
    } catch (JacksonException e) {
      String where =
          e.getLocation() == null
              ? ""
              : " at line " + e.getLocation().getLineNr() + ", column " + column(e);
      throw ApiError.http(
          400,
          "invalid_json",
          "the body is not valid JSON" + where + ": " + e.getOriginalMessage());
    } catch (IOException e) {
      throw ApiError.http(400, "invalid_json", "the body is not valid JSON: " + e.getMessage());
    }
    if (node instanceof ObjectNode object) {
      return object;
    }
    String found = node == null || node.isMissingNode() ? "nothing" : kind(node);
    throw ApiError.http(400, "invalid_json", "the body must be a JSON object, found " + found);
  }

  private static int column(JacksonException e) {
    return e.getLocation().getColumnNr();
  }

  /** Writes an answer. */
  public static Buffer buffer(Object value) {
    try {
      return Buffer.buffer(MAPPER.writeValueAsBytes(value));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("an answer of " + value.getClass() + " is no JSON", e);
    }
  }

  /** What a value is, for a person. */
  public static String kind(JsonNode node) {
    return switch (node.getNodeType()) {
      case OBJECT, POJO -> "an object";
      case ARRAY -> "a list";
      case STRING -> "a string";
      case NUMBER -> node.isIntegralNumber() ? "the integer " + node : "the number " + node;
      case BOOLEAN -> node.asText();
      case NULL -> "null";
      case MISSING -> "nothing";
      case BINARY -> "bytes";
    };
  }

  /**
   * Reads JSON that is itself a string's content.
   *
   * @throws JsonProcessingException if it is not one JSON value
   */
  public static JsonNode parse(String text) throws JsonProcessingException {
    return MAPPER.readTree(text);
  }
}
