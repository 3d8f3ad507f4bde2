package dev.brigade.launcher.config;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * One kind of single value that a config record may ask for.
 *
 * @param allowed what the file may have here, for an error message
 * @param reader from a node that is a scalar; throws IllegalArgumentException if it does not fit
 */
record Scalar(String allowed, Reader reader) {

  interface Reader {
    Object read(JsonNode node);
  }

  private static final Scalar INTEGER =
      new Scalar("a whole number", node -> number(node).intValueExact());
  private static final Scalar LONG =
      new Scalar(
          "a whole number, or a size such as 512MiB or 12GiB", node -> Quantity.bytes(text(node)));
  private static final Scalar DOUBLE = new Scalar("a number", node -> number(node).doubleValue());
  private static final Scalar BOOLEAN = new Scalar("true or false", Scalar::truth);

  private static final Map<Class<?>, Scalar> KNOWN =
      Map.ofEntries(
          Map.entry(String.class, new Scalar("a text", Scalar::text)),
          Map.entry(int.class, INTEGER),
          Map.entry(Integer.class, INTEGER),
          Map.entry(long.class, LONG),
          Map.entry(Long.class, LONG),
          Map.entry(double.class, DOUBLE),
          Map.entry(Double.class, DOUBLE),
          Map.entry(boolean.class, BOOLEAN),
          Map.entry(Boolean.class, BOOLEAN),
          Map.entry(
              Duration.class,
              new Scalar(
                  "a duration such as 250ms, 10s or 5m", node -> Quantity.duration(text(node)))),
          Map.entry(Path.class, new Scalar("a path", node -> Path.of(text(node)))));

  /** The scalar for this type. */
  static java.util.Optional<Scalar> of(Class<?> type) {
    return type.isEnum()
        ? java.util.Optional.of(enumeration(type))
        : java.util.Optional.ofNullable(KNOWN.get(type));
  }

  private static Scalar enumeration(Class<?> type) {
    Object[] constants = type.getEnumConstants();
    String allowed =
        Arrays.stream(constants)
            .map(Scalar::spelling)
            .collect(Collectors.joining(", ", "one of ", ""));
    return new Scalar(
        allowed,
        node ->
            Arrays.stream(constants)
                .filter(constant -> spelling(constant).equals(text(node).toLowerCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(text(node))));
  }

  private static String spelling(Object constant) {
    return ((Enum<?>) constant).name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static String text(JsonNode node) {
    return node.asText();
  }

  private static BigDecimal number(JsonNode node) {
    try {
      return new BigDecimal(node.asText().strip());
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(node.asText(), e);
    }
  }

  private static Object truth(JsonNode node) {
    return switch (node.asText()) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new IllegalArgumentException(node.asText());
    };
  }
}
