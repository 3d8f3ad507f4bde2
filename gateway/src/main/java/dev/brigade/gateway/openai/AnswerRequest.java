package dev.brigade.gateway.openai;

import dev.brigade.cluster.RequestException;
import dev.brigade.gateway.http.ApiError;
import java.util.List;

/** A request for an answer, read and found to make sense. */
sealed interface AnswerRequest permits ChatRequest, CompletionRequest {

  /** How to draw, and where to stop. */
  GenerationParameters parameters();

  /**
   * The prompts to answer, as ids.
   *
   * @throws ApiError if one does not fit the model
   */
  List<List<Integer>> prompts(PromptSource model) throws ApiError, RequestException;

  /** How the answer is written. */
  AnswerShape shape();
}
