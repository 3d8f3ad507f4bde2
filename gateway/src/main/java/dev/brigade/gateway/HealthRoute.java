package dev.brigade.gateway;

import dev.brigade.cluster.ClusterState;
import dev.brigade.cluster.InferenceService;
import dev.brigade.gateway.http.Exchange;
import dev.brigade.gateway.http.InFlight;
import dev.brigade.spi.transport.NodeInfo;
import dev.brigade.spi.transport.NodeState;
import java.util.Locale;
import java.util.Optional;

/** {@code GET /health}: whether requests are welcome here; says nothing that needs a key. */
final class HealthRoute {
  private final InferenceService node;
  private final InFlight inFlight;

  HealthRoute(InferenceService node, InFlight inFlight) {
    this.node = node;
    this.inFlight = inFlight;
  }

  private record Health(String status, String node, String state) {}

  void show(Exchange exchange) {
    ClusterState cluster = node.state();
    Optional<NodeState> announced =
        cluster.nodes().stream()
            .filter(info -> info.id().equals(cluster.self()))
            .map(NodeInfo::state)
            .findFirst();
    NodeState state = inFlight.closing() ? NodeState.DRAINING : announced.orElse(NodeState.JOINING);
    boolean welcome = state == NodeState.JOINING || state == NodeState.UP;
    exchange.json(
        welcome ? 200 : 503,
        new Health(
            welcome ? "ok" : "unavailable",
            cluster.self().value(),
            state.name().toLowerCase(Locale.ROOT)));
  }
}
