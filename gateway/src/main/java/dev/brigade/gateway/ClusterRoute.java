package dev.brigade.gateway;

import dev.brigade.cluster.ClusterState;
import dev.brigade.cluster.InferenceService;
import dev.brigade.cluster.plan.StandbyPlan;
import dev.brigade.gateway.http.Exchange;
import dev.brigade.spi.partition.Plan;
import dev.brigade.spi.partition.Stage;
import java.util.List;

/** {@code GET /cluster}: members and plans as this node sees them. */
final class ClusterRoute {
  private final InferenceService node;

  ClusterRoute(InferenceService node) {
    this.node = node;
  }

  private record Cluster(List<ClusterNode> nodes, List<Placed> plans, List<Standby> standbys) {}

  private record Placed(String id, String model, List<Part> stages) {
    static Placed of(Plan plan) {
      return new Placed(
          plan.id(), plan.model().id(), plan.stages().stream().map(Part::of).toList());
    }
  }

  private record Standby(
      String id, String model, List<Part> stages, String standsByFor, String without) {
    static Standby of(StandbyPlan standby) {
      Placed placed = Placed.of(standby.plan());
      return new Standby(
          placed.id(), placed.model(), placed.stages(), standby.active(), standby.lost().value());
    }
  }

  private record Part(String node, String engine, List<Integer> layers) {
    static Part of(Stage stage) {
      return new Part(stage.node().value(), stage.engine(), List.of(stage.first(), stage.last()));
    }
  }

  void show(Exchange exchange) {
    ClusterState state = node.state();
    exchange.json(
        200,
        new Cluster(
            state.nodes().stream().map(ClusterNode::of).toList(),
            state.plans().stream().map(Placed::of).toList(),
            state.standbys().stream().map(Standby::of).toList()));
  }
}
