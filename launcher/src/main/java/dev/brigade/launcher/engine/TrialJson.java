package dev.brigade.launcher.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** Trials as JSON. */
public final class TrialJson {
  private TrialJson() {}

  /** One object. */
  public static ObjectNode of(EngineTrial trial) {
    ObjectNode json = JsonNodeFactory.instance.objectNode().put("engine", trial.engine());
    if (trial instanceof EngineTrial.Ran ran) {
      return json.put("library", ran.library())
          .put("device", ran.device())
          .put("precision", ran.precision())
          .put("prefill_tokens_per_s", ran.prefill())
          .put("decode_tokens_per_s", ran.decode());
    }
    return json.put("failed", ((EngineTrial.Failed) trial).reason());
  }

  /**
   * The trial again.
   *
   * @throws IllegalArgumentException if it is none
   */
  static EngineTrial trial(JsonNode json) {
    String engine = text(json, "engine");
    if (json.has("failed")) {
      return new EngineTrial.Failed(engine, text(json, "failed"));
    }
    return new EngineTrial.Ran(
        engine,
        text(json, "library"),
        text(json, "device"),
        text(json, "precision"),
        json.path("prefill_tokens_per_s").asDouble(),
        json.path("decode_tokens_per_s").asDouble());
  }

  private static String text(JsonNode json, String key) {
    if (!json.path(key).isTextual()) {
      throw new IllegalArgumentException("'" + key + "' is missing in " + json);
    }
    return json.get(key).textValue();
  }
}
