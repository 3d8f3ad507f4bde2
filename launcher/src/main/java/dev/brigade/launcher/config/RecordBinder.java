package dev.brigade.launcher.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Turns a part of a config file into a record. Components are keys in kebab case; {@link Optional}
 * ones may be missing, all others must be there, and no others may. Known are texts, numbers,
 * truths, durations, paths, enums, lists, maps and records.
 */
public final class RecordBinder {
  private final String file;

  /**
   * @param file named in errors
   */
  public RecordBinder(String file) {
    this.file = file;
  }

  /**
   * Binds.
   *
   * @param node an object
   * @param path where it stands in the file
   * @throws ConfigException if a key is unknown or missing, or a value does not fit
   */
  public <R extends Record> R bind(JsonNode node, KeyPath path, Class<R> type)
      throws ConfigException {
    if (!(node instanceof ObjectNode object)) {
      throw mismatch(node, path, "keys and values");
    }
    RecordComponent[] components = type.getRecordComponents();
    List<String> keys = keys(type);
    for (Map.Entry<String, JsonNode> field : object.properties()) {
      if (!keys.contains(field.getKey())) {
        throw unknown(field.getKey(), path, keys);
      }
    }
    Object[] values = new Object[components.length];
    for (int i = 0; i < components.length; i++) {
      Type component = components[i].getGenericType();
      values[i] = value(object.get(keys.get(i)), path.key(keys.get(i)), component);
    }
    return construct(type, components, values, path);
  }

  /** The keys that a record has in a config file. */
  public static List<String> keys(Class<? extends Record> type) {
    return Arrays.stream(type.getRecordComponents()).map(RecordBinder::key).toList();
  }

  private Object value(JsonNode node, KeyPath path, Type type) throws ConfigException {
    boolean missing = node == null || node.isNull();
    if (type instanceof ParameterizedType generic) {
      Type argument = generic.getActualTypeArguments()[0];
      Class<?> raw = (Class<?>) generic.getRawType();
      if (raw == Optional.class) {
        return missing ? Optional.empty() : Optional.of(value(node, path, argument));
      }
      if (raw == List.class && !missing) {
        return list(node, path, argument);
      }
      if (raw == Map.class && !missing) {
        return map(node, path, generic.getActualTypeArguments()[1]);
      }
    }
    if (missing) {
      throw new ConfigException(file, path + " is missing");
    }
    if (type == PluginSection.class) {
      return plugin(node, path);
    }
    if (type instanceof Class<?> single && single.isRecord()) {
      return bind(node, path, single.asSubclass(Record.class));
    }
    return scalar(node, path, type);
  }

  private Object scalar(JsonNode node, KeyPath path, Type type) throws ConfigException {
    Optional<Scalar> scalar = type instanceof Class<?> known ? Scalar.of(known) : Optional.empty();
    if (scalar.isEmpty()) {
      throw new ConfigException(
          file,
          path + " cannot be set: its type " + type.getTypeName() + " is not one of a config");
    }
    if (!node.isValueNode()) {
      throw mismatch(node, path, scalar.get().allowed());
    }
    try {
      return scalar.get().reader().read(node);
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw mismatch(node, path, scalar.get().allowed());
    }
  }

  private PluginSection plugin(JsonNode node, KeyPath path) throws ConfigException {
    if (!(node instanceof ObjectNode object)) {
      throw mismatch(node, path, "keys and values with a 'type'");
    }
    ObjectNode settings = object.deepCopy();
    JsonNode type = settings.remove("type");
    String name = (String) value(type, path.key("type"), String.class);
    return new PluginSection(name, settings, path, file);
  }

  private List<Object> list(JsonNode node, KeyPath path, Type element) throws ConfigException {
    if (!node.isArray()) {
      throw mismatch(node, path, "a list");
    }
    List<Object> values = new ArrayList<>();
    for (int i = 0; i < node.size(); i++) {
      values.add(value(node.get(i), path.index(i), element));
    }
    return List.copyOf(values);
  }

  private Map<String, Object> map(JsonNode node, KeyPath path, Type element)
      throws ConfigException {
    if (!node.isObject()) {
      throw mismatch(node, path, "keys and values");
    }
    Map<String, Object> values = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> field : node.properties()) {
      values.put(field.getKey(), value(field.getValue(), path.key(field.getKey()), element));
    }
    return Map.copyOf(values);
  }

  private <R extends Record> R construct(
      Class<R> type, RecordComponent[] components, Object[] values, KeyPath path)
      throws ConfigException {
    Class<?>[] types =
        Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
    try {
      Constructor<R> canonical = type.getDeclaredConstructor(types);
      canonical.setAccessible(true);
      return canonical.newInstance(values);
    } catch (InvocationTargetException e) {
      throw new ConfigException(file, path + ": " + e.getCause().getMessage());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("every record has its canonical constructor", e);
    }
  }

  private ConfigException unknown(String key, KeyPath path, List<String> known) {
    String nearest =
        NearestKey.of(key, known)
            .map(near -> "; the nearest known key is '" + path.key(near).text() + "'")
            .orElse("; no keys are known here");
    return new ConfigException(file, "unknown key '" + path.key(key).text() + "'" + nearest);
  }

  private ConfigException mismatch(JsonNode node, KeyPath path, String allowed) {
    String found = node.isContainerNode() || node.isNull() ? node.toString() : node.asText();
    return new ConfigException(file, path + " is '" + found + "', allowed is " + allowed);
  }

  /** {@code maxSlices} as {@code max-slices}. */
  private static String key(RecordComponent component) {
    return component.getName().replaceAll("([a-z0-9])([A-Z])", "$1-$2").toLowerCase(Locale.ROOT);
  }
}
