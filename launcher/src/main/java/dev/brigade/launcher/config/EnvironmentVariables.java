package dev.brigade.launcher.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Puts the environment into texts: {@code ${NAME}} is replaced, {@code $${} stands for itself. */
final class EnvironmentVariables {
  private static final Pattern REFERENCE = Pattern.compile("(\\$?)\\$\\{([^}]*)(}?)");
  private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");
  private final String file;
  private final Map<String, String> environment;

  EnvironmentVariables(String file, Map<String, String> environment) {
    this.file = file;
    this.environment = environment;
  }

  /** The same tree with all its texts expanded; {@code path} is where it hangs in the file. */
  JsonNode expand(JsonNode node, KeyPath path) throws ConfigException {
    if (node instanceof ObjectNode object) {
      ObjectNode expanded = object.objectNode();
      for (Map.Entry<String, JsonNode> field : object.properties()) {
        expanded.set(field.getKey(), expand(field.getValue(), path.key(field.getKey())));
      }
      return expanded;
    }
    if (node instanceof ArrayNode array) {
      ArrayNode expanded = array.arrayNode();
      for (int i = 0; i < array.size(); i++) {
        expanded.add(expand(array.get(i), path.index(i)));
      }
      return expanded;
    }
    return node.isTextual() ? TextNode.valueOf(expand(node.textValue(), path)) : node;
  }

  private String expand(String text, KeyPath path) throws ConfigException {
    Matcher matcher = REFERENCE.matcher(text);
    StringBuilder expanded = new StringBuilder();
    while (matcher.find()) {
      boolean escaped = !matcher.group(1).isEmpty();
      String whole = matcher.group();
      String value = escaped ? whole.substring(1) : value(matcher, path);
      matcher.appendReplacement(expanded, Matcher.quoteReplacement(value));
    }
    return matcher.appendTail(expanded).toString();
  }

  private String value(Matcher matcher, KeyPath path) throws ConfigException {
    String name = matcher.group(2);
    if (matcher.group(3).isEmpty() || !NAME.matcher(name).matches()) {
      throw new ConfigException(
          file,
          path
              + ": '"
              + matcher.group()
              + "' is no reference to the environment; want ${NAME}, or $${ for the characters"
              + " themselves");
    }
    String value = environment.get(name);
    if (value == null) {
      throw new ConfigException(
          file,
          path
              + ": the environment variable "
              + name
              + " is not set; set it, or write $${"
              + name
              + "} for these characters themselves");
    }
    return value;
  }
}
