package dev.brigade.model.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Templates of our own, each about one part of the dialect, against the renders of Python's jinja2
 * 3.1 in the environment that transformers makes (sandboxed and immutable, trimmed blocks, loop
 * controls).
 */
class ChatTemplateTest {
  private static final Map<String, String> TOKENS = Map.of("bos_token", "<s>", "eos_token", "</s>");

  @TestFactory
  Stream<DynamicTest> rendersAsJinja2Does() throws IOException {
    try (InputStream in = ChatTemplateTest.class.getResourceAsStream("cases.json")) {
      JsonNode golden = new ObjectMapper().readTree(in);
      Clock clock =
          Clock.fixed(
              LocalDateTime.parse(golden.get("now").textValue()).toInstant(ZoneOffset.UTC),
              ZoneOffset.UTC);
      List<DynamicTest> tests = new ArrayList<>();
      for (JsonNode example : golden.get("cases")) {
        String name = example.get("name").textValue();
        tests.add(DynamicTest.dynamicTest(name, () -> check(example, clock)));
      }
      return tests.stream();
    }
  }

  private static void check(JsonNode example, Clock clock) {
    Conversation conversation =
        Conversation.of(list(example.get("messages")))
            .withGenerationPrompt(example.get("add_generation_prompt").booleanValue())
            .withVariables(named(example.path("variables")));
    Conversation whole =
        example.has("tools") ? conversation.withTools(list(example.get("tools"))) : conversation;
    String source = example.get("template").textValue();
    if (example.has("expected")) {
      assertThat(ChatTemplate.parse(source).render(whole, TOKENS, clock))
          .isEqualTo(example.get("expected").textValue());
      return;
    }
    TemplateException failure =
        catchThrowableOfType(
            TemplateException.class, () -> ChatTemplate.parse(source).render(whole, TOKENS, clock));
    assertThat(failure).as("where jinja2 says: %s", example.get("error")).isNotNull();
    if (example.get("raised").booleanValue()) {
      assertThat(failure.kind()).isEqualTo(TemplateException.Kind.RAISED);
      assertThat(failure).hasMessageContaining(example.get("error").textValue());
    }
  }

  private static List<JsonNode> list(JsonNode array) {
    List<JsonNode> values = new ArrayList<>();
    array.forEach(values::add);
    return values;
  }

  private static Map<String, JsonNode> named(JsonNode object) {
    Map<String, JsonNode> values = new HashMap<>();
    object.properties().forEach(field -> values.put(field.getKey(), field.getValue()));
    return values;
  }

  private static TemplateException failureOf(String source) {
    Conversation empty = Conversation.of(List.of());
    return catchThrowableOfType(
        TemplateException.class,
        () -> ChatTemplate.parse(source).render(empty, TOKENS, Clock.systemUTC()));
  }

  @ParameterizedTest
  @Timeout(60)
  @ValueSource(
      strings = {
        "{% for i in range(100000000) %}x{% endfor %}",
        "{% for a in range(9999) %}{% for b in range(9999) %}{% set c = a * b %}{% endfor %}{% endfor %}",
        "{% set s = 'x' * 100000000 %}{{ s }}",
        "{% set ns = namespace(s='x') %}{% for i in range(60) %}{% set ns.s = ns.s ~ ns.s %}{% endfor %}",
        "{{ 9 ** 99999999 }}",
        "{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}",
        "{% set ns = namespace(s='x') %}{% for i in range(60) %}{% set ns.s = ns.s | replace('x', 'xx') %}{% endfor %}",
        "{{ '%999999999d' % 1 }}",
        "{{ 'x'.center(999999999) if false else '{:999999999}'.format(1) }}",
      })
  void whatWouldExhaustANodeEndsWithAnError(String source) {
    assertThat(failureOf(source)).isNotNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{% for x in y %}",
        "{{ 1 + }}",
        "{% if %}{% endif %}",
        "{{ 'open }}",
        "{% nosuch %}"
      })
  void syntaxErrorsNameTheLine(String source) {
    TemplateException failure = failureOf("first line\n" + source);
    assertThat(failure.kind()).isEqualTo(TemplateException.Kind.SYNTAX);
    assertThat(failure.getMessage()).contains("line 2");
  }

  @Test
  void nestingWithoutEndIsRefused() {
    assertThat(failureOf("{{ " + "(".repeat(100_000) + "1" + ")".repeat(100_000) + " }}"))
        .isNotNull();
    assertThat(failureOf("{% if true %}".repeat(100_000))).isNotNull();
  }
}
