package dev.brigade.launcher.console;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.LayoutBase;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.brigade.cluster.observe.LogFields;
import dev.brigade.cluster.observe.RequestLog;
import java.time.Instant;
import java.util.Map;

/**
 * An event of the log as a JSON object: {@code time}, {@code level}, {@code logger}, {@code
 * message} and, where something was thrown, {@code error} and {@code stack}. Lines of a request
 * have its fields in place of the message.
 */
final class JsonLogLine extends LayoutBase<ILoggingEvent> {
  private static final ObjectMapper JSON = new ObjectMapper();

  @Override
  public String doLayout(ILoggingEvent event) {
    ObjectNode line = JsonNodeFactory.instance.objectNode();
    line.put("time", Instant.ofEpochMilli(event.getTimeStamp()).toString());
    line.put("level", event.getLevel().toString());
    line.put("logger", event.getLoggerName());
    String message = event.getFormattedMessage();
    Map<String, Object> fields =
        event.getLoggerName().equals(RequestLog.LOGGER)
            ? LogFields.parse(message).map(LogFields::values).orElse(Map.of())
            : Map.of();
    if (fields.isEmpty()) {
      line.put("message", message);
    }
    fields.forEach((key, value) -> line.putPOJO(key, value));
    IThrowableProxy thrown = event.getThrowableProxy();
    if (thrown != null) {
      line.put("error", thrown.getClassName() + ": " + thrown.getMessage());
      line.put("stack", ThrowableProxyUtil.asString(thrown));
    }
    try {
      return JSON.writeValueAsString(line) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("texts and numbers can be written", e);
    }
  }
}
