package dev.brigade.gateway.openai;

import dev.brigade.cluster.InferenceService;
import dev.brigade.gateway.http.ApiError;
import dev.brigade.gateway.http.Exchange;
import dev.brigade.gateway.http.InFlight;
import java.time.Clock;

/** Answers one kind of request: chat completions, or completions. */
public final class AnswerRoute {
  private final InferenceService node;
  private final ModelPrompts models;
  private final InFlight inFlight;
  private final Clock clock;
  private final Reader reader;

  private AnswerRoute(
      InferenceService node, ModelPrompts models, InFlight inFlight, Clock clock, Reader reader) {
    this.node = node;
    this.models = models;
    this.inFlight = inFlight;
    this.clock = clock;
    this.reader = reader;
  }

  /** Reads one kind of request. */
  interface Reader {
    AnswerRequest read(Parameters body) throws ApiError;
  }

  /** {@code POST /v1/chat/completions}. */
  public static AnswerRoute chat(
      InferenceService node, ModelPrompts models, InFlight inFlight, Clock clock) {
    return new AnswerRoute(node, models, inFlight, clock, ChatRequest::read);
  }

  /** {@code POST /v1/completions}. */
  public static AnswerRoute completions(
      InferenceService node, ModelPrompts models, InFlight inFlight, Clock clock) {
    return new AnswerRoute(node, models, inFlight, clock, CompletionRequest::read);
  }

  /**
   * Answers; must be called before the request's handler returns.
   *
   * @throws ApiError if this node takes no more requests now
   */
  public void answer(Exchange exchange) throws ApiError {
    AnswerInProgress progress =
        new AnswerInProgress(node, models, clock, exchange, reader, () -> inFlight.leave(exchange));
    inFlight.enter(exchange, progress::stop);
    progress.begin();
  }
}
