package dev.brigade.launcher.pipeline;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.util.List;
import java.util.Locale;

/** The one object that {@code generate --json} prints. */
public final class GenerationJson {
  private GenerationJson() {}

  /**
   * Writes it.
   *
   * @param withLogits whether it has the logits of the last prompt position
   */
  public static String of(
      List<Integer> promptIds, GenerationResult result, List<StageLoad> loads, boolean withLogits) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
      json.writeStartObject();
      integers(json, "prompt_ids", promptIds);
      integers(json, "tokens", result.tokens());
      json.writeStringField("text", result.text());
      json.writeStringField("finish_reason", result.reason().name().toLowerCase(Locale.ROOT));
      json.writeArrayFieldStart("stages");
      for (StageLoad load : loads) {
        stage(json, load);
      }
      json.writeEndArray();
      json.writeNumberField("prefill_tokens_per_s", result.usage().prefillTokensPerSecond());
      json.writeNumberField("decode_tokens_per_s", result.usage().decodeTokensPerSecond());
      if (withLogits) {
        json.writeArrayFieldStart("logits");
        for (float logit : result.logits()) {
          json.writeNumber(logit);
        }
        json.writeEndArray();
      }
      json.writeEndObject();
    } catch (IOException e) {
      throw new IllegalStateException("writing to memory does not fail", e);
    }
    return text.toString();
  }

  private static void stage(JsonGenerator json, StageLoad load) throws IOException {
    json.writeStartObject();
    json.writeStringField("engine", load.engine());
    integers(json, "layers", List.of(load.first(), load.last()));
    json.writeNumberField("load_ms", load.time().toMillis());
    json.writeNumberField("bytes", load.bytes());
    json.writeEndObject();
  }

  private static void integers(JsonGenerator json, String name, List<Integer> values)
      throws IOException {
    json.writeArrayFieldStart(name);
    for (int value : values) {
      json.writeNumber(value);
    }
    json.writeEndArray();
  }
}
