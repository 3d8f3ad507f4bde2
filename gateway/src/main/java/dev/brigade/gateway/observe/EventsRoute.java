package dev.brigade.gateway.observe;

import dev.brigade.cluster.InferenceService;
import dev.brigade.cluster.observe.ClusterEvent;
import dev.brigade.gateway.http.Exchange;
import dev.brigade.gateway.http.SseStream;
import java.time.Clock;
import java.util.Map;

/**
 * {@code GET /events}: what happens from now on, as server-sent events, until the reader leaves.
 */
public final class EventsRoute {
  private final InferenceService node;
  private final Clock clock;

  public EventsRoute(InferenceService node, Clock clock) {
    this.node = node;
    this.clock = clock;
  }

  /** Begins with one event that says who watches, so that a reader knows that it is heard. */
  public void show(Exchange exchange) {
    SseStream stream = new SseStream(exchange);
    stream.data(EventBody.watching(node.state().self().value(), clock.instant()));
    Runnable stop = node.observe(event -> tell(exchange, stream, event));
    exchange.whenGone(stop);
  }

  private void tell(Exchange exchange, SseStream stream, ClusterEvent event) {
    Map<String, Object> body = EventBody.of(event, clock.instant());
    exchange.context().runOnContext(nothing -> stream.data(body));
  }
}
