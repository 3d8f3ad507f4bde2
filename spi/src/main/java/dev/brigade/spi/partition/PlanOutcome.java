package dev.brigade.spi.partition;

import dev.brigade.spi.transport.NodeId;
import java.util.List;
import java.util.Map;

/** What a strategy comes to. */
public sealed interface PlanOutcome {

  /** What was decided for each node and why, for a person to read. */
  Map<NodeId, String> reasons();

  /** There is a plan. */
  record Planned(Plan plan, Map<NodeId, String> reasons) implements PlanOutcome {
    public Planned {
      reasons = Map.copyOf(reasons);
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
