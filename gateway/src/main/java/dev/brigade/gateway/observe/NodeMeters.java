package dev.brigade.gateway.observe;

import dev.brigade.cluster.generation.Usage;
import dev.brigade.cluster.observe.ClusterEvent;
import dev.brigade.cluster.observe.NodeObserver;
import dev.brigade.cluster.observe.StageMeasure;
import dev.brigade.spi.partition.Plan;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Locale;

/** Turns what happens in a node into meters. Labels are models and stages, which are few. */
final class NodeMeters implements NodeObserver {
  private final MeterRegistry registry;

  NodeMeters(MeterRegistry registry) {
    this.registry = registry;
    // Shown from the start, so that the first one is seen as a rise.
    registry.counter("brigade.recoveries");
    registry.counter("brigade.standbys.taken");
  }

  @Override
  public void event(ClusterEvent event) {
    if (event instanceof ClusterEvent.Answered answered) {
      answered(answered);
    } else if (event instanceof ClusterEvent.Failed failed) {
      request(failed.model(), failed.kind().name());
      generated(failed.model(), failed.tokens());
    } else if (event instanceof ClusterEvent.FirstToken first) {
      timer(
              "brigade.time.to.first.token",
              "From admitting a request to its first token",
              Tags.of("model", first.model()))
          .record(first.waited());
    } else if (event instanceof ClusterEvent.StandbyTaken) {
      registry.counter("brigade.standbys.taken").increment();
    } else if (event instanceof ClusterEvent.Recovered recovered) {
      timer(
              "brigade.recovery.pause",
              "From the last token before a recovery to the next",
              Tags.empty())
          .record(recovered.pause());
    } else if (event instanceof ClusterEvent.Recovering) {
      registry.counter("brigade.recoveries").increment();
    }
  }

  private void answered(ClusterEvent.Answered answered) {
    request(answered.model(), answered.reason().name());
    Usage usage = answered.usage();
    Tags model = Tags.of("model", answered.model());
    registry.counter("brigade.tokens", model.and("kind", "prompt")).increment(usage.promptTokens());
    generated(answered.model(), usage.completionTokens());
    timer("brigade.prefill", "From sending the prompt to the first token", model)
        .record(usage.prefill());
    if (usage.completionTokens() > 1) {
      Duration each = usage.decode().dividedBy(usage.completionTokens() - 1L);
      timer("brigade.time.per.token", "Mean time between the tokens of an answer", model)
          .record(each);
    }
  }

  private void generated(String model, int tokens) {
    registry
        .counter("brigade.tokens", Tags.of("model", model, "kind", "completion"))
        .increment(tokens);
  }

  private void request(String model, String outcome) {
    registry
        .counter(
            "brigade.requests",
            Tags.of("model", model, "outcome", outcome.toLowerCase(Locale.ROOT)))
        .increment();
  }

  @Override
  public void measured(StageMeasure measure) {
    if (measure instanceof StageMeasure.Passed passed) {
      Tags stage = stage(passed.plan(), passed.stage());
      timer("brigade.stage.compute", "Time of a pass in the engine", stage)
          .record(passed.compute());
      timer("brigade.stage.wait", "Longest wait of a step for its pass", stage)
          .record(passed.waited());
      registry.counter("brigade.stage.rows", stage).increment(passed.rows());
      registry.summary("brigade.stage.slices", stage).record(passed.slices());
    } else {
      StageMeasure.HandedOn handedOn = (StageMeasure.HandedOn) measure;
      Tags stage = stage(handedOn.plan(), handedOn.stage());
      timer("brigade.stage.transfer", "From sending a step to its credit", stage)
          .record(handedOn.took());
      registry.counter("brigade.stage.transferred.bytes", stage).increment(handedOn.bytes());
    }
  }

  private static Tags stage(Plan plan, int stage) {
    return Tags.of("model", plan.model().id(), "stage", Integer.toString(stage));
  }

  private Timer timer(String name, String description, Tags tags) {
    return Timer.builder(name)
        .description(description)
        .tags(tags)
        .publishPercentileHistogram()
        .minimumExpectedValue(Duration.ofMillis(1))
        .maximumExpectedValue(Duration.ofMinutes(1))
        .register(registry);
  }
}
