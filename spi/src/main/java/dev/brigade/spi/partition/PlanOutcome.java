package dev.brigade.spi.partition;

import dev.brigade.spi.transport.NodeId;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a strategy comes to. */
public sealed interface PlanOutcome {

  /** What was decided for each node and why, for a person to read. */
  Map<NodeId, String> reasons();

  /**
   * There is a plan.
   *
   * @param prediction how fast it is expected to be; empty if the strategy does not predict
   */
  record Planned(Plan plan, Optional<Prediction> prediction, Map<NodeId, String> reasons)
      implements PlanOutcome {
    public Planned {
      reasons = Map.copyOf(reasons);
    }

    /** Of a strategy that does not predict. */
    public Planned(Plan plan, Map<NodeId, String> reasons) {
      this(plan, Optional.empty(), reasons);
    }
  }

  /**
   * There is none.
   *
   * @param missing the sums that broke, each naming what needs how many bytes and what there is
   */
  record Refused(List<String> missing, Map<NodeId, String> reasons) implements PlanOutcome {
    public Refused {
      missing = List.copyOf(missing);
      reasons = Map.copyOf(reasons);
    }
  }
}
