package dev.brigade.cluster.plan;

import dev.brigade.spi.engine.DType;
import dev.brigade.spi.engine.EngineProfile;
import dev.brigade.spi.engine.Precision;
import dev.brigade.spi.partition.Demand;
import dev.brigade.spi.partition.Link;
import dev.brigade.spi.partition.ModelShape;
import dev.brigade.spi.partition.Plan;
import dev.brigade.spi.partition.PlanRequest;
import dev.brigade.spi.transport.Endpoint;
import dev.brigade.spi.transport.Machine;
import dev.brigade.spi.transport.NodeId;
import dev.brigade.spi.transport.NodeInfo;
import dev.brigade.spi.transport.NodeState;
import dev.brigade.testkit.partition.PlanRequests;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Nodes with rates and links, as a test needs them. */
record PlannedCluster(List<NodeInfo> nodes, List<Link> links) {
  static final long MB = 1_000_000;

  static PlannedCluster empty() {
    return new PlannedCluster(List.of(), List.of());
  }

  /** One more node, on a machine of its own. */
  PlannedCluster with(String id, long megabytes, double gigabytesPerSecond) {
    return with(id, new Machine("machine-" + id, megabytes * MB), megabytes, gigabytesPerSecond);
  }

  PlannedCluster with(String id, Machine machine, long megabytes, double gigabytesPerSecond) {
    Map<String, Double> rates =
        Map.of(EngineProfile.Cost.DECODE_BYTES_PER_S, gigabytesPerSecond * 1e9);
    EngineProfile.Cost cost = new EngineProfile.Cost(Precision.F32, 4, 4, DType.F32, rates);
    EngineProfile profile =
        new EngineProfile("test", "cpu", List.of(cost), Set.of(DType.F32), 1, 0);
    List<NodeInfo> more = new ArrayList<>(nodes);
    more.add(
        new NodeInfo(
            new NodeId(id),
            id,
            machine,
            new Endpoint("localhost", 1),
            Optional.empty(),
            profile,
            megabytes * MB,
            List.of(),
            NodeState.UP));
    return new PlannedCluster(more, links);
  }

  /** A measured link, both ways. */
  PlannedCluster linked(String a, String b, double roundTripMillis, double megabytesPerSecond) {
    List<Link> more = new ArrayList<>(links);
    Duration roundTrip = Duration.ofNanos((long) (roundTripMillis * 1e6));
    more.add(new Link(new NodeId(a), new NodeId(b), roundTrip, megabytesPerSecond * 1e6));
    more.add(new Link(new NodeId(b), new NodeId(a), roundTrip, megabytesPerSecond * 1e6));
    return new PlannedCluster(nodes, more);
  }

  /** A model of so many layers of 25 million weights, 100 MB each in f32. */
  static ModelShape layersOf100MB(int layers) {
    return PlanRequests.model(layers, 25 * MB, 0, 0);
  }

  PlanRequest request(ModelShape model, Demand.Goal goal, Plan... current) {
    Demand demand = new Demand(128, 1, List.of(Precision.F32), goal);
    return new PlanRequest(model, nodes, links, demand, List.of(current));
  }
}
