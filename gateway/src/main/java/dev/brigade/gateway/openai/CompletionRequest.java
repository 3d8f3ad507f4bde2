package dev.brigade.gateway.openai;

import com.fasterxml.jackson.databind.JsonNode;
import dev.brigade.cluster.RequestException;
import dev.brigade.gateway.http.ApiError;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code POST /v1/completions}.
 *
 * @param prompts at least one
 */
record CompletionRequest(GenerationParameters parameters, List<Prompt> prompts)
    implements AnswerRequest {
  private static final int MOST_PROMPTS = 128;
  private static final String EXPECTED =
      "a string, a list of strings, a list of token ids, or a list of such lists";

  /** One prompt, under the name that errors give it. */
  sealed interface Prompt {
    String name();

    List<Integer> encode(PromptSource model) throws ApiError, RequestException;
  }

  private record Text(String name, String text) implements Prompt {
    @Override
    public List<Integer> encode(PromptSource model) throws RequestException {
      return model.encode(text);
    }
  }

  private record Ids(String name, List<Integer> ids) implements Prompt {
    @Override
    public List<Integer> encode(PromptSource model) throws ApiError {
      for (int i = 0; i < ids.size(); i++) {
        if (ids.get(i) >= model.vocabulary()) {
          String element = name + "[" + i + "]";
          throw ApiError.parameter(
              element,
              "'" + element + "' is " + ids.get(i) + ", ids are below " + model.vocabulary());
        }
      }
      return ids;
    }
  }

  static CompletionRequest read(Parameters body) throws ApiError {
    Unsupported.refuseInCompletions(body);
    JsonNode node = body.value("prompt").orElseThrow(() -> body.missing("prompt"));
    CompletionRequest request =
        new CompletionRequest(GenerationParameters.read(body), readPrompts(node));
    int answers = request.prompts.size() * request.parameters.choices();
    if (answers > MOST_PROMPTS) {
      throw ApiError.parameter(
          "n", "'n' times the number of prompts is " + answers + ", at most 128 are allowed");
    }
    return request;
  }

  private static List<Prompt> readPrompts(JsonNode node) throws ApiError {
    if (node.isTextual()) {
      return List.of(new Text("prompt", Parameters.text("prompt", node)));
    }
    if (!node.isArray()) {
      throw Parameters.wrong("prompt", EXPECTED, node);
    }
    if (node.isEmpty() || node.size() > MOST_PROMPTS && !node.get(0).isIntegralNumber()) {
      throw ApiError.parameter("prompt", "'prompt' takes 1 to " + MOST_PROMPTS + " prompts");
    }
    if (node.get(0).isNumber()) {
      return List.of(ids("prompt", node));
    }
    List<Prompt> prompts = new ArrayList<>();
    for (int i = 0; i < node.size(); i++) {
      JsonNode element = node.get(i);
      String name = "prompt[" + i + "]";
      prompts.add(
          element.isArray() ? ids(name, element) : new Text(name, Parameters.text(name, element)));
    }
    return prompts;
  }

  private static Prompt ids(String name, JsonNode array) throws ApiError {
    List<Integer> ids = new ArrayList<>(array.size());
    for (int i = 0; i < array.size(); i++) {
      String element = name + "[" + i + "]";
      ids.add(Parameters.integer(element, array.get(i), 0, Integer.MAX_VALUE));
    }
    return new Ids(name, ids);
  }

  @Override
  public List<List<Integer>> prompts(PromptSource model) throws ApiError, RequestException {
    List<List<Integer>> all = new ArrayList<>();
    for (Prompt prompt : prompts) {
      List<Integer> ids = prompt.encode(model);
      if (ids.isEmpty()) {
        throw ApiError.parameter(
            prompt.name(), "'" + prompt.name() + "' has no tokens; at least one is needed");
      }
      all.add(ids);
    }
    return all;
  }

  @Override
  public AnswerShape shape() {
    return new CompletionShape();
  }
}
