package dev.brigade.gateway.observe;

import dev.brigade.cluster.InferenceService;
import dev.brigade.cluster.observe.NodeLoad;
import dev.brigade.gateway.http.Exchange;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.buffer.Buffer;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.ToDoubleFunction;

/** {@code GET /metrics}: what this node has done and has to do, in Prometheus' text format. */
public final class MetricsRoute {
  private final InferenceService node;
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final AtomicReference<NodeLoad> load = new AtomicReference<>(new NodeLoad(0, 0, 0, 0, 0));

  /** Begins to count; what happened before is not known. */
  public MetricsRoute(InferenceService node) {
    this.node = node;
    node.observe(new NodeMeters(registry));
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    Gauge.builder("brigade.members", node, service -> service.state().nodes().size())
        .description("Nodes that this one sees, itself included")
        .register(registry);
    Gauge.builder("brigade.plans", node, service -> service.state().plans().size())
        .description("Plans that this node has placed and that take requests")
        .register(registry);
    Gauge.builder("brigade.standbys", node, service -> service.state().standbys().size())
        .description("Nodes of those plans whose loss a loaded plan stands by for")
        .register(registry);
    gauge("brigade.memory.budget.bytes", "What the node may use", NodeLoad::memoryBudgetBytes);
    gauge(
        "brigade.memory.reserved.bytes",
        "What shards and sequences have been promised",
        NodeLoad::memoryReservedBytes);
    gauge("brigade.sequences", "Sequences open on this node", NodeLoad::sequences);
    gauge("brigade.steps.waiting", "Steps that wait for their turn", NodeLoad::waitingSteps);
    gauge("brigade.requests.running", "Requests of this node's clients", NodeLoad::requests);
  }

  private void gauge(String name, String description, ToDoubleFunction<NodeLoad> value) {
    Gauge.builder(name, load, now -> value.applyAsDouble(now.get()))
        .description(description)
        .register(registry);
  }

  /** Asks the node first, so that what is shown is of now. */
  public void show(Exchange exchange) {
    node.load()
        .whenComplete(
            (now, failure) -> {
              if (failure == null) {
                load.set(now);
              }
              exchange.context().runOnContext(nothing -> answer(exchange));
            });
  }

  private void answer(Exchange exchange) {
    if (!exchange.gone()) {
      exchange.response().putHeader("content-type", "text/plain; version=0.0.4; charset=utf-8");
      exchange.end(Buffer.buffer(registry.scrape()));
    }
  }
}
