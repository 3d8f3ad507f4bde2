package dev.brigade.model.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Renders the templates of published models, which are not ours to copy, against transformers' own
 * renders of them, in the folder that the system property or environment variable BRIGADE_GOLDEN
 * names, or {@code ../shared/golden} beside the checkout.
 */
class GoldenTemplatesTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TestFactory
  Stream<DynamicTest> rendersPublishedTemplatesAsTransformersDoes() throws IOException {
    Optional<Path> folder = goldenFolder();
    assumeTrue(
        folder.isPresent(),
        "no golden templates: set BRIGADE_GOLDEN to the folder that holds templates/*.json");
    List<DynamicTest> tests = new ArrayList<>();
    try (Stream<Path> files = Files.list(folder.get().resolve("templates"))) {
      for (Path file : files.filter(path -> path.toString().endsWith(".json")).sorted().toList()) {
        JsonNode golden = JSON.readTree(file.toFile());
        ChatTemplate template = ChatTemplate.parse(golden.get("template").textValue());
        Clock clock =
            Clock.fixed(
                LocalDateTime.parse(golden.get("fixed_now").textValue()).toInstant(ZoneOffset.UTC),
                ZoneOffset.UTC);
        int index = 0;
        for (JsonNode example : golden.get("cases")) {
          String name = file.getFileName() + " #" + index++ + " " + example.get("case").textValue();
          tests.add(DynamicTest.dynamicTest(name, () -> check(template, clock, example)));
        }
      }
    }
    return tests.stream();
  }

  private static void check(ChatTemplate template, Clock clock, JsonNode example) {
    Conversation conversation =
        Conversation.of(list(example.get("messages")))
            .withGenerationPrompt(example.get("add_generation_prompt").booleanValue())
            .withVariables(named(example.path("kwargs")));
    if (example.path("tools").isArray()) {
      conversation = conversation.withTools(list(example.get("tools")));
    }
    render(template, clock, example, conversation);
  }

  private static void render(
      ChatTemplate template, Clock clock, JsonNode example, Conversation conversation) {
    Map<String, String> tokens = new HashMap<>();
    for (String name : List.of("bos_token", "eos_token")) {
      if (example.path(name).isTextual()) {
        tokens.put(name, example.get(name).textValue());
      }
    }
    if (example.has("expected")) {
      assertThat(template.render(conversation, tokens, clock))
          .isEqualTo(example.get("expected").textValue());
      return;
    }
    TemplateException failure =
        catchThrowableOfType(
            TemplateException.class, () -> template.render(conversation, tokens, clock));
    assertThat(failure).as("fails with %s", example.get("error")).isNotNull();
    if (example.path("raise_exception").booleanValue()) {
      assertThat(failure.kind()).isEqualTo(TemplateException.Kind.RAISED);
      assertThat(failure.detail()).isEqualTo(example.get("error").textValue());
    }
  }

  private static List<JsonNode> list(JsonNode array) {
    List<JsonNode> elements = new ArrayList<>();
    array.forEach(elements::add);
    return elements;
  }

  private static Map<String, JsonNode> named(JsonNode object) {
    Map<String, JsonNode> fields = new HashMap<>();
    object.properties().forEach(field -> fields.put(field.getKey(), field.getValue()));
    return fields;
  }

  private static Optional<Path> goldenFolder() {
    String named = System.getProperty("BRIGADE_GOLDEN", System.getenv("BRIGADE_GOLDEN"));
    if (named != null) {
      return Optional.of(Path.of(named));
    }
    try {
      Path module = Path.of("").toRealPath();
      return Stream.of(module, module.getParent())
          .map(folder -> folder.resolveSibling("shared").resolve("golden"))
          .filter(folder -> Files.isDirectory(folder.resolve("templates")))
          .findFirst();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
