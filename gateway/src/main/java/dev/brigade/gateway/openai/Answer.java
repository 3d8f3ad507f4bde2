package dev.brigade.gateway.openai;

import dev.brigade.cluster.InferenceService;
import dev.brigade.cluster.generation.FinishReason;
import dev.brigade.cluster.generation.Generation;
import dev.brigade.cluster.generation.GenerationEvent;
import dev.brigade.cluster.generation.GenerationRequest;
import dev.brigade.cluster.generation.Usage;
import dev.brigade.gateway.http.ApiError;
import dev.brigade.gateway.http.Exchange;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Runs the generations of one request, a few at a time, and hands what they say over from the
 * node's loop to the exchange's, in order. All choices or none: the first that fails ends them all.
 */
final class Answer {
  private static final int AT_ONCE = 4;

  private final InferenceService node;
  private final Exchange exchange;
  private final List<GenerationRequest> requests;
  private final int choicesPerPrompt;
  private final AnswerSink sink;
  private final Runnable whenOver;
  private final Map<Integer, Generation> running = new HashMap<>();
  private int next;
  private int promptTokens;
  private int completionTokens;
  private boolean over;

  /**
   * Prepares an answer.
   *
   * @param requests one for each choice, those to one prompt together
   * @param whenOver called once, after the last call to the sink or the client's departure
   */
  Answer(
      InferenceService node,
      Exchange exchange,
      List<GenerationRequest> requests,
      int choicesPerPrompt,
      AnswerSink sink,
      Runnable whenOver) {
    this.node = node;
    this.exchange = exchange;
    this.requests = List.copyOf(requests);
    this.choicesPerPrompt = choicesPerPrompt;
    this.sink = sink;
    this.whenOver = whenOver;
  }

  /** Begins, on the exchange's event loop. */
  void start() {
    exchange.whenGone(this::finish);
    startMore();
  }

  /** Ends it early. */
  void stop(ApiError error) {
    if (!over) {
      finish();
      sink.failed(error);
    }
  }

  private void startMore() {
    while (!over && next < requests.size() && running.size() < AT_ONCE) {
      int choice = next++;
      running.put(choice, node.generate(requests.get(choice), event -> handOver(choice, event)));
    }
  }

  private void handOver(int choice, GenerationEvent event) {
    exchange.context().runOnContext(go -> happened(choice, event));
  }

  private void happened(int choice, GenerationEvent event) {
    if (over) {
      return;
    }
    if (event instanceof GenerationEvent.Planned planned) {
      sink.planned(choice, planned.plan());
    } else if (event instanceof GenerationEvent.Token token) {
      text(choice, token.text());
    } else if (event instanceof GenerationEvent.Finished finished) {
      finished(choice, finished);
    } else if (event instanceof GenerationEvent.Failed failed) {
      stop(ApiError.of(failed.cause()));
    }
  }

  private void text(int choice, String text) {
    if (!text.isEmpty()) {
      sink.text(choice, text);
    }
  }

  private void finished(int choice, GenerationEvent.Finished finished) {
    running.remove(choice);
    if (finished.reason() == FinishReason.CANCELLED) {
      // Not by the client, which would be gone.
      stop(ApiError.unavailable("the node gave the answer up before it was complete"));
      return;
    }
    text(choice, finished.text());
    count(choice, finished.usage());
    sink.finished(choice, finished.reason());
    if (next == requests.size() && running.isEmpty()) {
      finish();
      sink.complete(Tokens.of(promptTokens, completionTokens));
    } else {
      startMore();
    }
  }

  private void count(int choice, Usage usage) {
    if (choice % choicesPerPrompt == 0) {
      promptTokens += usage.promptTokens();
    }
    completionTokens += usage.completionTokens();
  }

  private void finish() {
    if (!over) {
      over = true;
      running.values().forEach(Generation::cancel);
      running.clear();
      whenOver.run();
    }
  }
}
