package dev.brigade.cluster.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.brigade.cluster.ClusterState;
import dev.brigade.cluster.RequestException;
import dev.brigade.cluster.generation.GenerationEvent;
import dev.brigade.cluster.plan.StandbyPlan;
import dev.brigade.spi.partition.Plan;
import dev.brigade.spi.transport.NodeInfo;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** What must hold in every world, whatever befell it. */
final class Invariants {
  /** No request waits longer than this, whatever happens meanwhile. */
  private static final Duration PATIENCE = Duration.ofMinutes(10);

  /** By then everything has been given back that was forgotten. */
  private static final Duration RECLAIMED = Duration.ofMinutes(2);

  private static final Duration MOMENT = Duration.ofSeconds(15);

  private final Simulation simulation;

  /** Whether a node alone can serve, so that no request has an excuse. */
  private final boolean roomy;

  Invariants(Simulation simulation, boolean roomy) {
    this.simulation = simulation;
    this.roomy = roomy;
  }

  void hold() {
    simulation.runUntilAnswered(PATIENCE);
    simulation.requests().forEach(this::endsWithTheRightTokens);
    simulation.run(RECLAIMED);
    simulation.survivors().forEach(this::holdsNoSequence);
    // A plan may be under way just now, of which no state tells yet.
    for (int look = 0;
        look < 3 && !simulation.living().stream().allMatch(this::holdsOnlyWanted);
        look++) {
      simulation.run(MOMENT);
    }
    simulation.living().forEach(this::holdsNoShardThatNobodyWants);
    plansAgreeWhereViewsAgree();
    simulation.closeAll();
    for (SimulatedNode node : simulation.survivors()) {
      assertThat(node.openShards()).as("shards that %s leaves behind", node).isZero();
    }
  }

  private void endsWithTheRightTokens(SimulatedRequest request) {
    assertThat(request.hasEnded()).as("whether the request has ended").isTrue();
    List<Integer> right = ToyModel.answer(request.request());
    List<Integer> streamed = request.streamed();
    if (request.last() instanceof GenerationEvent.Finished finished) {
      assertThat(streamed).as("streamed tokens").isEqualTo(right);
      assertThat(finished.tokens()).as("tokens at the end").isEqualTo(right);
    } else {
      RequestException cause = ((GenerationEvent.Failed) request.last()).cause();
      assertThat(roomy).as("whether this had to end well: %s", cause.getMessage()).isFalse();
      assertThat(cause.kind())
          .as("kind of %s", cause.getMessage())
          .isIn(RequestException.Kind.OUT_OF_MEMORY, RequestException.Kind.UNAVAILABLE);
      assertThat(streamed)
          .as("tokens before the error")
          .isEqualTo(right.subList(0, Math.min(streamed.size(), right.size())));
    }
  }

  private void holdsNoSequence(SimulatedNode node) {
    assertThat(node.openSequences()).as("sequences left on %s", node).isZero();
  }

  private void holdsNoShardThatNobodyWants(SimulatedNode node) {
    Set<String> wanted = wanted(node);
    assertThat(node.openShards())
        .as("shards on %s for plans %s", node, wanted)
        .isLessThanOrEqualTo(wanted.size());
  }

  private boolean holdsOnlyWanted(SimulatedNode node) {
    return node.openShards() <= wanted(node).size();
  }

  private Set<String> wanted(SimulatedNode node) {
    Set<String> wanted = new HashSet<>();
    for (SimulatedNode holder : simulation.living()) {
      ClusterState state = holder.node().state();
      Stream.concat(state.plans().stream(), state.standbys().stream().map(StandbyPlan::plan))
          .filter(node::holds)
          .map(Plan::id)
          .forEach(wanted::add);
    }
    return wanted;
  }

  private void plansAgreeWhereViewsAgree() {
    Map<Set<NodeInfo>, List<Plan>> plans = new HashMap<>();
    for (SimulatedNode node : simulation.living()) {
      List<Plan> own = node.node().state().plans();
      if (!own.isEmpty()) {
        List<Plan> others = plans.putIfAbsent(Set.copyOf(node.node().state().nodes()), own);
        assertThat(own).as("plans of %s", node).isEqualTo(others == null ? own : others);
      }
    }
  }
}
