package dev.brigade.launcher.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;

/** Lays what a user wrote over the defaults. */
final class Layered {
  private Layered() {}

  /**
   * Objects are merged key by key; anything else is replaced, and so is an object that selects
   * another {@code type}. A key without a value keeps its default.
   */
  static JsonNode over(JsonNode defaults, JsonNode written) {
    if (written == null || written.isNull()) {
      return defaults;
    }
    if (!(defaults instanceof ObjectNode base) || !(written instanceof ObjectNode top)) {
      return written;
    }
    if (top.has("type") && !top.get("type").equals(base.get("type"))) {
      return top;
    }
    ObjectNode merged = base.deepCopy();
    for (Map.Entry<String, JsonNode> field : top.properties()) {
      JsonNode below = merged.get(field.getKey());
      merged.set(field.getKey(), below == null ? field.getValue() : over(below, field.getValue()));
    }
    return merged;
  }
}
