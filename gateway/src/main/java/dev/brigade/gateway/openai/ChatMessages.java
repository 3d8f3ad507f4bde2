package dev.brigade.gateway.openai;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.brigade.gateway.http.ApiError;
import dev.brigade.gateway.http.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Turns a request's messages into what chat templates expect, which are written for Hugging Face's
 * conventions: text parts become one string, a developer is the system, a call's arguments are an
 * object, and what is null is not there.
 */
final class ChatMessages {
  private static final Set<String> ROLES =
      Set.of("system", "developer", "user", "assistant", "tool");

  private ChatMessages() {}

  static List<ObjectNode> read(Parameters body) throws ApiError {
    List<JsonNode> nodes = body.list("messages");
    if (nodes.isEmpty()) {
      throw ApiError.parameter("messages", "'messages' needs at least one message");
    }
    List<ObjectNode> messages = new ArrayList<>();
    for (int i = 0; i < nodes.size(); i++) {
      messages.add(message(Parameters.of(nodes.get(i), "messages[" + i + "]")));
    }
    return messages;
  }

  private static ObjectNode message(Parameters message) throws ApiError {
    String role = message.requiredText("role");
    if (!ROLES.contains(role)) {
      throw ApiError.parameter(
          message.name("role"),
          "'" + message.name("role") + "' must be one of system, developer, user, assistant, tool");
    }
    ObjectNode result = JsonNodeFactory.instance.objectNode();
    result.put("role", role.equals("developer") ? "system" : role);
    Optional<String> content = content(message);
    List<JsonNode> calls = message.list("tool_calls");
    if (content.isEmpty() && calls.isEmpty()) {
      throw message.missing("content");
    }
    content.ifPresent(text -> result.put("content", text));
    for (String key : List.of("name", "tool_call_id", "reasoning_content")) {
      message.text(key).ifPresent(text -> result.put(key, text));
    }
    if (!calls.isEmpty()) {
      result.set("tool_calls", toolCalls(calls, message.name("tool_calls")));
    }
    return result;
  }

  private static Optional<String> content(Parameters message) throws ApiError {
    Optional<JsonNode> content = message.value("content");
    if (content.isEmpty()) {
      return Optional.empty();
    }
    String name = message.name("content");
    if (content.get().isTextual()) {
      return Optional.of(Parameters.text(name, content.get()));
    }
    if (!content.get().isArray()) {
      throw Parameters.wrong(name, "a string or a list of parts", content.get());
    }
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < content.get().size(); i++) {
      Parameters part = Parameters.of(content.get().get(i), name + "[" + i + "]");
      String type = part.requiredText("type");
      if (!type.equals("text")) {
        throw ApiError.unsupported(
            part.name("type"),
            "'" + part.name("type") + "' is not supported: only parts of type 'text' are");
      }
      texts.add(part.requiredText("text"));
    }
    return Optional.of(String.join("\n", texts));
  }

  private static ArrayNode toolCalls(List<JsonNode> calls, String name) throws ApiError {
    ArrayNode result = JsonNodeFactory.instance.arrayNode();
    for (int i = 0; i < calls.size(); i++) {
      Parameters call = Parameters.of(calls.get(i), name + "[" + i + "]");
      Parameters function = call.object("function").orElseThrow(() -> call.missing("function"));
      function.requiredText("name");
      ObjectNode copy = call.node().deepCopy();
      if (function.value("arguments").filter(JsonNode::isTextual).isPresent()) {
        String path = function.name("arguments");
        ObjectNode written = (ObjectNode) copy.get("function");
        written.set("arguments", arguments(function.requiredText("arguments"), path));
      }
      result.add(copy);
    }
    return result;
  }

  private static JsonNode arguments(String text, String path) throws ApiError {
    try {
      JsonNode node = Json.parse(text.isBlank() ? "{}" : text);
      if (node.isObject()) {
        return node;
      }
    } catch (JsonProcessingException e) {
      // Told below, as any other value that is no object.
    }
    throw ApiError.parameter(path, "'" + path + "' must be a JSON object, written as a string");
  }
}
