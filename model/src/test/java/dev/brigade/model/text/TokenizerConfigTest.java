package dev.brigade.model.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenizerConfigTest {
  @TempDir private Path folder;

  private void write(String name, String text) throws Exception {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  @Test
  void whatTheConfigDoesNotSpeakOfIsInTheOlderMap() throws Exception {
    write("tokenizer_config.json", "{\"bos_token\": \"<s>\", \"pad_token\": null}");
    write(
        "special_tokens_map.json",
        "{\"bos_token\": \"<b>\", \"pad_token\": \"<p>\", \"eos_token\": {\"content\": \"</s>\"},"
            + " \"additional_special_tokens\": [\"<x>\"]}");
    assertThat(TokenizerConfig.read(folder).specialTokens())
        .containsOnly(Map.entry("bos_token", "<s>"), Map.entry("eos_token", "</s>"));
  }

  @Test
  void furtherTemplatesHaveFilesOfTheirOwn() throws Exception {
    write("tokenizer_config.json", "{\"chat_template\": \"old\"}");
    write("chat_template.jinja", "usual");
    write("additional_chat_templates/tool_use.jinja", "with tools");
    write("additional_chat_templates/README.md", "no template");
    TokenizerConfig config = TokenizerConfig.read(folder);
    assertThat(config.template(false)).contains("usual");
    assertThat(config.template(true)).contains("with tools");
    assertThat(config.templates()).containsOnlyKeys("default", "tool_use");
  }

  @Test
  void aFolderMaySayNothing() throws Exception {
    TokenizerConfig config = TokenizerConfig.read(folder);
    assertThat(config.specialTokens()).isEmpty();
    assertThat(config.template(true)).isEmpty();
  }
}
