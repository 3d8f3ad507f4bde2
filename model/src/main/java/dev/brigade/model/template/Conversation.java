package dev.brigade.model.template;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a chat template renders.
 *
 * @param messages the turns, each a JSON object, usually with {@code role} and {@code content}
 * @param tools the tools the model may call, as JSON; absent, templates see None
 * @param documents what to ground answers on, as JSON; absent, templates see None
 * @param addGenerationPrompt whether the text ends with the opening of the assistant's turn
 * @param variables further variables by name, such as {@code enable_thinking}; they win over the
 *     tokenizer's special tokens
 */
public record Conversation(
    List<JsonNode> messages,
    Optional<List<JsonNode>> tools,
    Optional<List<JsonNode>> documents,
    boolean addGenerationPrompt,
    Map<String, JsonNode> variables) {

  public Conversation {
    messages = List.copyOf(messages);
    tools = tools.map(List::copyOf);
    documents = documents.map(List::copyOf);
    variables = Map.copyOf(variables);
    for (JsonNode message : messages) {
      if (!message.isObject()) {
        throw new IllegalArgumentException(
            "messages: every message must be a JSON object, found " + message);
      }
    }
  }

  /** A conversation without tools that asks for the assistant's next turn. */
  public static Conversation of(List<? extends JsonNode> messages) {
    return new Conversation(
        List.copyOf(messages), Optional.empty(), Optional.empty(), true, Map.of());
  }

  /** The same with these tools; an empty list is not the same to a template as none. */
  public Conversation withTools(List<? extends JsonNode> tools) {
    return new Conversation(
        messages, Optional.of(List.copyOf(tools)), documents, addGenerationPrompt, variables);
  }

  /** The same, with or without the opening of the assistant's turn at its end. */
  public Conversation withGenerationPrompt(boolean added) {
    return new Conversation(messages, tools, documents, added, variables);
  }

  /** The same with these variables instead of its own. */
  public Conversation withVariables(Map<String, JsonNode> variables) {
    return new Conversation(messages, tools, documents, addGenerationPrompt, variables);
  }

  /** The template's variables as transformers names them. */
  Map<String, Object> asVariables(Map<String, String> specialTokens) {
    Map<String, Object> all = new LinkedHashMap<>(specialTokens);
    all.put("tools", listOf(tools));
    all.put("documents", listOf(documents));
    variables.forEach((name, value) -> all.put(name, JsonValues.of(value)));
    all.put("messages", listOf(Optional.of(messages)));
    all.put("add_generation_prompt", addGenerationPrompt);
    return all;
  }

  private static Object listOf(Optional<List<JsonNode>> nodes) {
    return nodes
        .<Object>map(list -> new ArrayList<>(list.stream().map(JsonValues::of).toList()))
        .orElse(None.NONE);
  }
}
