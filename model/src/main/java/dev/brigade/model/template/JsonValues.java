package dev.brigade.model.template;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** JSON as the Python values that {@code json.loads} makes of it. */
final class JsonValues {
  private JsonValues() {}

  static Object of(JsonNode node) {
    return switch (node.getNodeType()) {
      case OBJECT -> {
        Map<Object, Object> dict = new LinkedHashMap<>();
        node.properties().forEach(field -> dict.put(field.getKey(), of(field.getValue())));
        yield dict;
      }
      case ARRAY -> {
        List<Object> list = new ArrayList<>(node.size());
        node.forEach(element -> list.add(of(element)));
        yield list;
      }
      case STRING -> node.textValue();
      case BOOLEAN -> node.booleanValue();
      case NUMBER -> node.isIntegralNumber() ? node.bigIntegerValue() : (Object) node.doubleValue();
      case NULL, MISSING -> None.NONE;
      case BINARY, POJO ->
          throw new IllegalArgumentException(
              "a conversation must be plain JSON, found " + node.getNodeType());
    };
  }

  /** About how many characters a value has, to scale what a render may cost. */
  static long size(Object value) {
    if (value instanceof String text) {
      return text.length();
    } else if (value instanceof List<?> list) {
      return list.stream().mapToLong(JsonValues::size).sum() + 2L * list.size();
    } else if (value instanceof Map<?, ?> map) {
      return map.entrySet().stream()
          .mapToLong(entry -> size(entry.getKey()) + size(entry.getValue()) + 4)
          .sum();
    }
    return 4;
  }
}
