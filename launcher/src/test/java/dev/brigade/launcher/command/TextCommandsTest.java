package dev.brigade.launcher.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TextCommandsTest {
  private static final Path POCKET = Path.of(System.getProperty("brigade.home"), "bundled/pocket");
  private static final ObjectMapper JSON = new ObjectMapper();
  @TempDir Path temp;

  @Test
  void aConversationIsShownAsTextAndIds() throws Exception {
    Path golden = POCKET.resolveSibling("pocket-making").resolve("golden.json");
    for (JsonNode known : JSON.readTree(golden.toFile()).get("cases")) {
      Path messages =
          Files.writeString(temp.resolve("messages.json"), known.get("messages").toString());

      CommandRun run =
          CommandRun.of(
              "prompt", "--model", "bundled/pocket", "--messages", messages.toString(), "--json");

      assertThat(run.status()).as(run.err()).isZero();
      assertThat(run.json().get("text")).isEqualTo(known.get("prompt"));
      assertThat(run.json().get("ids")).isEqualTo(known.get("input_ids"));
    }
  }

  @Test
  void onlyTheTokenizersFilesAreNeeded() throws Exception {
    for (String file : new String[] {"tokenizer.json", "tokenizer_config.json"}) {
      Files.copy(POCKET.resolve(file), temp.resolve(file));
    }
    CommandRun run = CommandRun.of("tokenize", "--model", temp.toString(), "Hello there", "--json");
    assertThat(run.status()).as(run.err()).isZero();
    String ids = run.json().get("ids").toString().replaceAll("[\\[\\] ]", "");
    assertThat(CommandRun.of("tokenize", "--model", temp.toString(), "--ids", ids).out().strip())
        .isEqualTo("Hello there");
  }

  @Test
  void aLongTextIsNotCut() throws Exception {
    CommandRun run =
        CommandRun.of("tokenize", "--model", "bundled/pocket", "7 ".repeat(3000), "--json");
    assertThat(run.json().get("ids").size()).isGreaterThanOrEqualTo(3000);
  }

  @Test
  void theTemplateSeesVariablesTimeAndTheEndOfThePrompt() throws Exception {
    Files.copy(POCKET.resolve("tokenizer.json"), temp.resolve("tokenizer.json"));
    Files.writeString(
        temp.resolve("tokenizer_config.json"), "{\"bos_token\": {\"content\": \"<|begin|>\"}}");
    Files.writeString(
        temp.resolve("chat_template.jinja"),
        "{{ bos_token }}{{ messages[0].content }} {{ mood }} {{ strftime_now('%Y-%m-%d') }}"
            + "{% if add_generation_prompt %} go{% endif %}{% if tools %} {{ tools[0].name }}{% endif %}");
    Path messages =
        Files.writeString(temp.resolve("m.json"), "[{\"role\":\"user\",\"content\":\"hi\"}]");
    Path tools = Files.writeString(temp.resolve("t.json"), "[{\"name\":\"saw\"}]");

    CommandRun run =
        CommandRun.of(
            "prompt",
            "--model",
            temp.toString(),
            "--messages",
            messages.toString(),
            "--json",
            "--kwargs",
            "{\"mood\": \"good\"}",
            "--now",
            "2026-11-24T12:00",
            "--no-generation-prompt",
            "--tools",
            tools.toString());

    assertThat(run.status()).as(run.err()).isZero();
    assertThat(run.json().get("text").textValue()).isEqualTo("<|begin|>hi good 2026-11-24 saw");
  }

  @Test
  void wrongFilesAreNamed() throws Exception {
    Path broken = Files.writeString(temp.resolve("broken.json"), "[{\"role\": }]");
    CommandRun run =
        CommandRun.of("prompt", "--model", "bundled/pocket", "--messages", broken.toString());
    assertThat(run.status()).isEqualTo(2);
    assertThat(run.err().strip())
        .startsWith("brigade: " + broken + ": no valid JSON")
        .doesNotContain("\n");
    assertThat(CommandRun.of("tokenize", "--model", temp.toString(), "x").err())
        .contains("has no tokenizer.json");
  }

  @Test
  void pluginsAreListedAsJson() throws Exception {
    CommandRun run = CommandRun.of("plugins", "--json");
    assertThat(run.status()).as(run.err()).isZero();
    assertThat(run.json().findValuesAsText("name"))
        .contains("djl", "vertx", "udp", "static", "tailscale", "ring-memory-weighted", "cost");
    for (JsonNode plugin : run.json()) {
      assertThat(plugin.fieldNames())
          .toIterable()
          .containsExactly("kind", "name", "version", "jar", "available", "reason");
    }
  }

  @Test
  void aTypoInTheConfigIsOneLine() throws Exception {
    Path config = Files.writeString(temp.resolve("brigade.yaml"), "trasnport: { port: 1 }");
    CommandRun run = CommandRun.of("up", "--config", config.toString());
    assertThat(run.status()).isEqualTo(2);
    assertThat(run.err().strip())
        .isEqualTo(
            "brigade: "
                + config
                + ": unknown key 'trasnport'; the nearest known key is 'transport'");
  }

  @Test
  void aMisspeltCommandIsWrongUsage() {
    CommandRun run = CommandRun.of("genrate");
    assertThat(run.status()).isEqualTo(2);
    assertThat(run.err()).contains("genrate");
  }
}
