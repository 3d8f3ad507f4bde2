package dev.brigade.cluster.plan;

import dev.brigade.cluster.RequestException;
import dev.brigade.spi.partition.Plan;
import dev.brigade.spi.partition.Stage;
import dev.brigade.spi.transport.NodeId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * For each node of a plan but the one that asks, the plan that would be made without it, as far as
 * all of them can be loaded together. Made by a pure function of the planner's answers.
 *
 * @param chosen by the node that each does without; several may share one
 * @param missing by node, why there is none for it
 */
record SparePlans(Map<NodeId, Plan> chosen, Map<NodeId, String> missing) {
  SparePlans {
    chosen = Collections.unmodifiableMap(new LinkedHashMap<>(chosen));
    missing = Collections.unmodifiableMap(new LinkedHashMap<>(missing));
  }

  /** What is planned, and what fits. */
  interface Planner {

    /**
     * The plan if a node were not there.
     *
     * @throws RequestException if nothing would fit
     */
    Plan planWithout(NodeId lost) throws RequestException;

    /** The sum that breaks if all of these are loaded; empty if they fit. */
    Optional<String> missing(List<Plan> plans);
  }

  /**
   * Chooses, in the order of the plan's stages.
   *
   * @param self needs no spare: if it is lost, nobody is left to answer
   */
  static SparePlans of(Plan plan, NodeId self, Planner planner) {
    Map<NodeId, Plan> chosen = new LinkedHashMap<>();
    Map<NodeId, String> missing = new LinkedHashMap<>();
    List<Plan> together = new ArrayList<>(List.of(plan));
    for (NodeId lost : plan.stages().stream().map(Stage::node).toList()) {
      if (lost.equals(self)) {
        continue;
      }
      try {
        Plan spare = planner.planWithout(lost);
        List<Plan> all = new ArrayList<>(together);
        if (!all.contains(spare)) {
          all.add(spare);
        }
        Optional<String> sum = planner.missing(all);
        if (sum.isPresent()) {
          missing.put(lost, sum.get());
        } else {
          chosen.put(lost, spare);
          together = all;
        }
      } catch (RequestException e) {
        missing.put(lost, e.getMessage());
      }
    }
    return new SparePlans(chosen, missing);
  }
}
