package dev.brigade.model.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.brigade.model.gguf.GgufFile;
import dev.brigade.model.gguf.GgufTokenizer;
import dev.brigade.spi.engine.EngineException;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What a model's folder says about its chat template: {@code tokenizer_config.json} and {@code
 * special_tokens_map.json}, and in newer folders {@code chat_template.jinja} or {@code
 * chat_template.json} and {@code additional_chat_templates} beside them; or what the metadata of a
 * GGUF file say.
 *
 * @param specialTokens text of each special token by the name that templates know, such as {@code
 *     bos_token}
 * @param templates sources of chat templates by name; the usual one is {@code default}
 */
record TokenizerConfig(Map<String, String> specialTokens, Map<String, String> templates) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String DEFAULT = "default";
  private static final String FOR_TOOLS = "tool_use";
  private static final String JINJA = ".jinja";

  TokenizerConfig {
    specialTokens = Map.copyOf(specialTokens);
    templates = Map.copyOf(templates);
  }

  /**
   * Reads it.
   *
   * @param model a folder or a GGUF file
   * @throws IOException if a file is there and cannot be read
   * @throws EngineException if that is the GGUF file
   */
  static TokenizerConfig read(Path model) throws IOException, EngineException {
    if (!GgufFile.isOne(model)) {
      return ofFolder(model);
    }
    try (GgufFile file = GgufFile.open(model)) {
      return new TokenizerConfig(
          GgufTokenizer.specialTokens(file), GgufTokenizer.chatTemplates(file));
    }
  }

  private static TokenizerConfig ofFolder(Path folder) throws IOException {
    JsonNode config = json(folder.resolve("tokenizer_config.json"));
    Map<String, String> templates = templates(config.path("chat_template"));
    templates.putAll(templates(json(folder.resolve("chat_template.json")).path("chat_template")));
    Path jinja = folder.resolve("chat_template.jinja");
    if (Files.exists(jinja)) {
      templates.put(DEFAULT, Files.readString(jinja));
    }
    templates.putAll(further(folder.resolve("additional_chat_templates")));
    Map<String, String> tokens = specialTokens(json(folder.resolve("special_tokens_map.json")));
    // The older file fills in what the config does not speak of.
    tokens.keySet().removeIf(config::has);
    tokens.putAll(specialTokens(config));
    return new TokenizerConfig(tokens, templates);
  }

  /** Templates in files of their own, named like the files. */
  private static Map<String, String> further(Path folder) throws IOException {
    Map<String, String> templates = new LinkedHashMap<>();
    if (!Files.isDirectory(folder)) {
      return templates;
    }
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*" + JINJA)) {
      for (Path file : files) {
        String name = file.getFileName().toString();
        templates.put(name.substring(0, name.length() - JINJA.length()), Files.readString(file));
      }
    }
    return templates;
  }

  private static JsonNode json(Path file) throws IOException {
    return Files.exists(file) ? JSON.readTree(file.toFile()) : JSON.createObjectNode();
  }

  private static Map<String, String> specialTokens(JsonNode config) {
    Map<String, String> tokens = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> field : config.properties()) {
      JsonNode value = field.getValue();
      JsonNode content = value.isObject() ? value.path("content") : value;
      if (field.getKey().endsWith("_token") && content.isTextual()) {
        tokens.put(field.getKey(), content.textValue());
      }
    }
    return tokens;
  }

  /** One template, or a list of named ones. */
  private static Map<String, String> templates(JsonNode written) {
    Map<String, String> templates = new LinkedHashMap<>();
    if (written.isTextual()) {
      templates.put(DEFAULT, written.textValue());
    }
    if (written.isArray()) {
      written.forEach(
          named -> templates.put(named.path("name").asText(), named.path("template").asText()));
    }
    return templates;
  }

  /** The template for a conversation with or without tools. */
  Optional<String> template(boolean tools) {
    Optional<String> forTools = Optional.ofNullable(templates.get(FOR_TOOLS)).filter(t -> tools);
    return forTools.or(() -> Optional.ofNullable(templates.get(DEFAULT)));
  }
}
