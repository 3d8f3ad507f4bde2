package dev.brigade.launcher.pipeline;

import dev.brigade.cluster.InferenceService;
import dev.brigade.cluster.RequestException;
import dev.brigade.cluster.generation.GenerationEvent;
import dev.brigade.cluster.generation.GenerationRequest;
import dev.brigade.spi.partition.Plan;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;

/** Waits for an answer while passing its events on. */
public final class Collector implements Consumer<GenerationEvent> {
  private final Consumer<GenerationEvent> onlooker;
  private final CompletableFuture<GenerationResult> result = new CompletableFuture<>();
  private final StringBuilder text = new StringBuilder();
  private List<Float> logits = List.of();
  private Plan plan;

  private Collector(Consumer<GenerationEvent> onlooker) {
    this.onlooker = onlooker;
  }

  /**
   * Runs a request to its end.
   *
   * @param onlooker is told each event, on the node's loop
   * @throws RequestException if it failed
   */
  public static GenerationResult run(
      InferenceService service, GenerationRequest request, Consumer<GenerationEvent> onlooker)
      throws RequestException, InterruptedException {
    Collector collector = new Collector(onlooker);
    service.generate(request, collector);
    try {
      return collector.result.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RequestException failure) {
        throw failure;
      }
      throw new IllegalStateException(e.getCause());
    }
  }

  @Override
  public void accept(GenerationEvent event) {
    onlooker.accept(event);
    if (event instanceof GenerationEvent.Planned planned) {
      plan = planned.plan();
    } else if (event instanceof GenerationEvent.Prefilled prefilled) {
      logits = prefilled.logits();
    } else if (event instanceof GenerationEvent.Token token) {
      text.append(token.text());
    } else if (event instanceof GenerationEvent.Finished end) {
      text.append(end.text());
      result.complete(
          new GenerationResult(
              plan, end.tokens(), text.toString(), end.reason(), logits, end.usage()));
    } else if (event instanceof GenerationEvent.Failed failed) {
      result.completeExceptionally(failed.cause());
    }
  }
}
