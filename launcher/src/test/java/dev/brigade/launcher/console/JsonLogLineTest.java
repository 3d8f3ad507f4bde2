package dev.brigade.launcher.console;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.brigade.cluster.observe.LogFields;
import dev.brigade.cluster.observe.RequestLog;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class JsonLogLineTest {
  private final LoggerContext context = new LoggerContext();

  private JsonNode line(String logger, String message, Throwable thrown) throws IOException {
    Logger from = context.getLogger(logger);
    LoggingEvent event =
        new LoggingEvent("caller", from, Level.WARN, message, thrown, new Object[0]);
    String line = new JsonLogLine().doLayout(event);
    assertThat(line).endsWith("\n");
    assertThat(line.strip().lines()).hasSize(1);
    return new ObjectMapper().readTree(line);
  }

  @Test
  void aLineOfARequestHasItsFields() throws Exception {
    LogFields fields =
        LogFields.none()
            .with("request", "17")
            .with("event", "recovering")
            .with("tokens", 12)
            .with("reason", "a \"stage\"\nis lost");
    JsonNode line = line(RequestLog.LOGGER, fields.toString(), null);
    assertThat(line.get("request").isTextual()).isTrue();
    assertThat(line.get("request").textValue()).isEqualTo("17");
    assertThat(line.get("tokens").longValue()).isEqualTo(12);
    assertThat(line.get("reason").textValue()).isEqualTo("a \"stage\"\nis lost");
    assertThat(line.get("level").textValue()).isEqualTo("WARN");
    assertThat(line.has("message")).isFalse();
    assertThat(java.time.Instant.parse(line.get("time").textValue())).isNotNull();
  }

  @Test
  void anyOtherLineHasItsMessageAndWhatWasThrown() throws Exception {
    JsonNode line = line("dev.brigade.other", "a=b it\nfailed", new IllegalStateException("ouch"));
    assertThat(line.get("message").textValue()).isEqualTo("a=b it\nfailed");
    assertThat(line.get("logger").textValue()).isEqualTo("dev.brigade.other");
    assertThat(line.get("error").textValue()).isEqualTo("java.lang.IllegalStateException: ouch");
    assertThat(line.get("stack").textValue()).contains("JsonLogLineTest");
  }
}
