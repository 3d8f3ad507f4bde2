package dev.brigade.cluster.generation;

import dev.brigade.cluster.RequestException;
import dev.brigade.cluster.observe.ClusterEvent;
import dev.brigade.cluster.observe.LogFields;
import dev.brigade.cluster.observe.NodeObserver;
import dev.brigade.cluster.observe.RequestLog;
import dev.brigade.cluster.plan.PlacedPlan;
import dev.brigade.spi.partition.Plan;
import dev.brigade.spi.partition.Stage;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** What happens to a request, told to its client, to who observes the node, and to the log. */
final class Telling {
  private final String id;
  private final GenerationRequest request;
  private final Consumer<GenerationEvent> client;
  private final NodeObserver observer;
  private final RequestLog log;

  Telling(
      String id,
      GenerationRequest request,
      Consumer<GenerationEvent> client,
      NodeObserver observer,
      RequestLog log) {
    this.id = id;
    this.request = request;
    this.client = client;
    this.observer = observer;
    this.log = log;
  }

  void admitted() {
    log.info(
        id,
        "admitted",
        LogFields.none()
            .with("model", request.model())
            .with("prompt_tokens", request.promptIds().size())
            .with("max_tokens", request.maxTokens())
            .with("standby", String.valueOf(request.standby())));
  }

  void planned(PlacedPlan placed, int attempt) {
    log.info(
        id,
        "planned",
        LogFields.none()
            .with("attempt", attempt)
            .with("plan", placed.plan().id())
            .with("stages", stages(placed.plan())));
    client.accept(new GenerationEvent.Planned(placed.plan(), placed.stages()));
  }

  private static String stages(Plan plan) {
    return plan.stages().stream().map(Telling::stage).collect(Collectors.joining(","));
  }

  private static String stage(Stage stage) {
    return "%s:%d-%d".formatted(stage.node(), stage.first(), stage.last() - 1);
  }

  void prefilled(List<Float> logits) {
    client.accept(new GenerationEvent.Prefilled(logits));
  }

  /**
   * @param waited since the request was admitted
   * @param prefill since the prompt was sent
   */
  void firstToken(Duration waited, Duration prefill) {
    log.info(
        id,
        "first_token",
        LogFields.none()
            .with("after_ms", waited.toMillis())
            .with("prefill_ms", prefill.toMillis()));
    observer.event(new ClusterEvent.FirstToken(id, request.model(), waited));
  }

  void token(int token, String text) {
    client.accept(new GenerationEvent.Token(token, text));
  }

  void recovering(int attempt, int tokens, String reason) {
    log.warning(
        id,
        "recovering",
        LogFields.none().with("attempt", attempt).with("tokens", tokens).with("reason", reason));
    observer.event(new ClusterEvent.Recovering(id, attempt, tokens, reason));
  }

  void recovered(int attempt, Duration pause) {
    log.info(
        id,
        "recovered",
        LogFields.none().with("attempt", attempt).with("pause_ms", pause.toMillis()));
    observer.event(new ClusterEvent.Recovered(id, attempt, pause));
  }

  void finished(Answer answer, FinishReason reason, Usage usage) {
    log.info(
        id,
        "finished",
        LogFields.none()
            .with("reason", RequestLog.word(reason))
            .with("prompt_tokens", usage.promptTokens())
            .with("completion_tokens", usage.completionTokens())
            .with("prefill_ms", usage.prefill().toMillis())
            .with("decode_ms", usage.decode().toMillis())
            .with("recoveries", usage.recoveries()));
    client.accept(new GenerationEvent.Finished(answer.rest(), reason, answer.tokens(), usage));
    observer.event(new ClusterEvent.Answered(id, request.model(), reason, usage));
  }

  void failed(RequestException cause, int tokens) {
    LogFields what =
        LogFields.none()
            .with("kind", RequestLog.word(cause.kind()))
            .with("completion_tokens", tokens)
            .with("reason", String.valueOf(cause.getMessage()));
    // The client is told anyway; the operator is warned of what is the cluster's own trouble.
    switch (cause.kind()) {
      case UNAVAILABLE, INTERNAL, OUT_OF_MEMORY -> log.warning(id, "failed", what);
      default -> log.info(id, "failed", what);
    }
    client.accept(new GenerationEvent.Failed(cause));
    observer.event(
        new ClusterEvent.Failed(id, request.model(), tokens, cause.kind(), cause.getMessage()));
  }
}
