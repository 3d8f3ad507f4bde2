package dev.brigade.gateway.openai;

import com.fasterxml.jackson.databind.JsonNode;
import dev.brigade.gateway.http.ApiError;
import java.util.List;
import java.util.Optional;

/**
 * Parameters that would change the answer and that Brigade does not follow: better refused than
 * ignored. What asks for nothing (false, zero, empty) passes.
 */
final class Unsupported {
  private static final List<String> CHAT =
      List.of("logprobs", "top_logprobs", "logit_bias", "functions", "audio", "web_search_options");
  private static final List<String> COMPLETIONS = List.of("echo", "suffix", "logit_bias");

  private Unsupported() {}

  static void refuseInChat(Parameters body) throws ApiError {
    refuse(body, CHAT);
    Optional<JsonNode> modalities = body.value("modalities");
    if (modalities.isPresent()) {
      for (JsonNode modality : body.list("modalities")) {
        if (!modality.asText().equals("text")) {
          throw ApiError.unsupported("modalities", "'modalities' can only be [\"text\"]");
        }
      }
    }
    refuseResponseFormat(body);
    refuseToolChoice(body);
  }

  static void refuseInCompletions(Parameters body) throws ApiError {
    refuse(body, COMPLETIONS);
    // Here 0 asks for something: the log probability of each token that was drawn.
    if (body.value("logprobs").filter(node -> !node.isBoolean() || node.asBoolean()).isPresent()) {
      throw unsupported("logprobs");
    }
    int n = body.integer("n", 1, Integer.MAX_VALUE).orElse(1);
    if (body.integer("best_of", 1, Integer.MAX_VALUE).orElse(n) != n) {
      throw ApiError.unsupported("best_of", "'best_of' can only be the same as 'n'");
    }
    refuseResponseFormat(body);
  }

  private static void refuse(Parameters body, List<String> names) throws ApiError {
    for (String name : names) {
      if (body.value(name).filter(Unsupported::asks).isPresent()) {
        throw unsupported(name);
      }
    }
  }

  private static boolean asks(JsonNode node) {
    return switch (node.getNodeType()) {
      case BOOLEAN -> node.booleanValue();
      case NUMBER -> node.doubleValue() != 0;
      case STRING -> !node.textValue().isEmpty();
      case ARRAY, OBJECT -> !node.isEmpty();
      case NULL, MISSING -> false;
      case BINARY, POJO -> true;
    };
  }

  private static void refuseResponseFormat(Parameters body) throws ApiError {
    Optional<Parameters> format = body.object("response_format");
    if (format.isPresent() && !format.get().requiredText("type").equals("text")) {
      throw ApiError.unsupported("response_format", "'response_format' can only be of type 'text'");
    }
  }

  private static void refuseToolChoice(Parameters body) throws ApiError {
    Optional<JsonNode> choice = body.value("tool_choice");
    if (choice.isPresent() && !List.of("auto", "none").contains(choice.get().asText())) {
      throw ApiError.unsupported("tool_choice", "'tool_choice' can only be 'auto' or 'none'");
    }
  }

  private static ApiError unsupported(String name) {
    return ApiError.unsupported(name, "'" + name + "' is not supported; leave it out");
  }
}
