package dev.brigade.gateway.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.brigade.cluster.RequestException;
import dev.brigade.gateway.http.ApiError;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * {@code POST /v1/chat/completions}.
 *
 * @param messages as chat templates see them
 * @param tools as the client sent them; the answer's text is not searched for calls
 * @param variables further variables for the template ({@code chat_template_kwargs})
 */
record ChatRequest(
    GenerationParameters parameters,
    List<ObjectNode> messages,
    List<ObjectNode> tools,
    Map<String, JsonNode> variables)
    implements AnswerRequest {

  static ChatRequest read(Parameters body) throws ApiError {
    Unsupported.refuseInChat(body);
    return new ChatRequest(
        GenerationParameters.read(body),
        ChatMessages.read(body),
        tools(body),
        body.object("chat_template_kwargs").map(ChatRequest::variables).orElse(Map.of()));
  }

  private static List<ObjectNode> tools(Parameters body) throws ApiError {
    List<ObjectNode> tools = new ArrayList<>();
    List<JsonNode> nodes = body.list("tools");
    for (int i = 0; i < nodes.size(); i++) {
      Parameters tool = Parameters.of(nodes.get(i), "tools[" + i + "]");
      if (!tool.requiredText("type").equals("function")) {
        throw ApiError.unsupported(
            tool.name("type"), "'" + tool.name("type") + "' can only be 'function'");
      }
      tool.object("function").orElseThrow(() -> tool.missing("function")).requiredText("name");
      tools.add(tool.node());
    }
    Optional<String> choice = body.text("tool_choice");
    return choice.filter("none"::equals).isPresent() ? List.of() : tools;
  }

  private static Map<String, JsonNode> variables(Parameters object) {
    Map<String, JsonNode> result = new LinkedHashMap<>();
    object.node().properties().forEach(entry -> result.put(entry.getKey(), entry.getValue()));
    return result;
  }

  @Override
  public List<List<Integer>> prompts(PromptSource model) throws RequestException {
    return List.of(model.encode(messages, tools, variables));
  }

  @Override
  public AnswerShape shape() {
    return new ChatShape();
  }
}
