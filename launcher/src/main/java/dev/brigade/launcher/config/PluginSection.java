package dev.brigade.launcher.config;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * The part of a config file that selects a plugin and sets it up.
 *
 * @param type name of the provider
 * @param settings all other keys; the provider says which there are
 * @param path where it stands in the file
 * @param file the file, as the user knows it
 */
public record PluginSection(String type, ObjectNode settings, KeyPath path, String file) {
  public PluginSection {
    settings = settings.deepCopy();
  }

  /** A section that stands in no file and leaves all settings to the plugin. */
  public static PluginSection of(String type, KeyPath path) {
    return new PluginSection(
        type, JsonNodeFactory.instance.objectNode(), path, "built-in defaults");
  }

  /** The settings as the provider's record. */
  public <C extends Record> C bind(Class<C> record) throws ConfigException {
    return new RecordBinder(file).bind(settings, path, record);
  }
}
