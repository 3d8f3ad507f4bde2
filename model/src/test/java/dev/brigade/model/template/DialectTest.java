package dev.brigade.model.template;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The dialect in a thousand small templates, each held to what Python's jinja2 makes of it;
 * render_dialect.py writes the expectations.
 */
class DialectTest {

  @ParameterizedTest
  @ValueSource(strings = {"expressions", "statements"})
  void isThatOfJinja2(String name) throws IOException {
    JsonNode dialect;
    try (InputStream in = DialectTest.class.getResourceAsStream("dialect.json")) {
      dialect = new ObjectMapper().readTree(in);
    }
    LocalDateTime now = LocalDateTime.parse(dialect.get("now").textValue());
    Clock clock = Clock.fixed(now.toInstant(ZoneOffset.UTC), ZoneOffset.UTC);
    List<String> deviations = new ArrayList<>();
    int cases = 0;
    for (JsonNode group : dialect.get("groups")) {
      if (group.get("name").textValue().equals(name)) {
        for (JsonNode example : group.get("cases")) {
          cases++;
          deviation(example, group.get("variables"), clock).ifPresent(deviations::add);
        }
      }
    }
    assertThat(cases).isGreaterThan(200);
    assertThat(deviations).isEmpty();
  }

  private static Optional<String> deviation(JsonNode example, JsonNode variables, Clock clock) {
    Map<String, JsonNode> named = new HashMap<>();
    variables.properties().forEach(each -> named.put(each.getKey(), each.getValue()));
    Conversation conversation = Conversation.of(List.of()).withVariables(named);
    String source = example.get("template").textValue();
    String expected =
        example.has("expected")
            ? "text " + example.get("expected").textValue()
            : example.has("raised") ? "raised " + example.get("error").textValue() : "failure";
    String found;
    try {
      found = "text " + ChatTemplate.parse(source).render(conversation, Map.of(), clock);
    } catch (TemplateException e) {
      found = e.kind() == TemplateException.Kind.RAISED ? "raised " + e.detail() : "failure";
    }
    return found.equals(expected)
        ? Optional.empty()
        : Optional.of(source + "\n  expected " + expected + "\n  found    " + found);
  }
}
