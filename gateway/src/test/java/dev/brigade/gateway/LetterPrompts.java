package dev.brigade.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.brigade.cluster.RequestException;
import dev.brigade.gateway.openai.ModelPrompts;
import dev.brigade.gateway.openai.PromptSource;
import dev.brigade.gateway.openai.SamplingDefaults;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * The text side of {@link ScriptedNode}'s models: a token is a character, a conversation is its
 * messages as JSON. {@code plain} has no chat template.
 */
record LetterPrompts(SamplingDefaults sampling, boolean chats) implements PromptSource {
  static final int CONTEXT = 600;

  static ModelPrompts with(SamplingDefaults sampling) {
    return id -> open(id, sampling);
  }

  private static CompletionStage<PromptSource> open(String id, SamplingDefaults sampling) {
    if (!id.equals(ScriptedNode.MODEL) && !id.equals("plain")) {
      return CompletableFuture.failedFuture(
          new RequestException(
              RequestException.Kind.MODEL_NOT_FOUND, "the model '" + id + "' is not known"));
    }
    return CompletableFuture.completedFuture(new LetterPrompts(sampling, !id.equals("plain")));
  }

  @Override
  public int context() {
    return CONTEXT;
  }

  @Override
  public int vocabulary() {
    return 1 << 16;
  }

  @Override
  public List<Integer> encode(String text) {
    return text.chars().boxed().toList();
  }

  @Override
  public List<Integer> encode(
      List<ObjectNode> messages, List<ObjectNode> tools, Map<String, JsonNode> variables)
      throws RequestException {
    if (!chats) {
      throw new RequestException(
          RequestException.Kind.INVALID, "the model has no chat template; use /v1/completions");
    }
    String rest = (tools.isEmpty() ? "" : tools) + (variables.isEmpty() ? "" : "" + variables);
    return encode(messages + rest);
  }

  /** What {@link #encode} made of it. */
  static String text(List<Integer> ids) {
    StringBuilder text = new StringBuilder();
    ids.forEach(text::appendCodePoint);
    return text.toString();
  }
}
