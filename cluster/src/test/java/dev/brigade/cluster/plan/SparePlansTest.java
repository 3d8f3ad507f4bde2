package dev.brigade.cluster.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.brigade.cluster.RequestException;
import dev.brigade.spi.engine.DType;
import dev.brigade.spi.engine.ModelRef;
import dev.brigade.spi.engine.Precision;
import dev.brigade.spi.partition.Plan;
import dev.brigade.spi.partition.Stage;
import dev.brigade.spi.transport.NodeId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SparePlansTest {
  private static final NodeId A = new NodeId("a");
  private static final NodeId B = new NodeId("b");
  private static final NodeId C = new NodeId("c");
  private static final NodeId D = new NodeId("d");
  private static final Plan ACTIVE = plan(A, B, C);

  /** Layers 0 to 5 on these nodes, two or three each. */
  private static Plan plan(NodeId... nodes) {
    List<Stage> stages = new ArrayList<>();
    int each = 6 / nodes.length;
    for (int i = 0; i < nodes.length; i++) {
      stages.add(new Stage(nodes[i], "toy", i * each, (i + 1) * each, Precision.F32, DType.F32));
    }
    return Plan.of(new ModelRef("m", "00000000"), stages);
  }

  /** Plans on those of the four that are left, with room for so many plans at once. */
  private static SparePlans.Planner planner(int room, NodeId... others) {
    return new SparePlans.Planner() {
      @Override
      public Plan planWithout(NodeId lost) throws RequestException {
        List<NodeId> left = List.of(others).stream().filter(node -> !node.equals(lost)).toList();
        if (left.isEmpty()) {
          throw new RequestException(RequestException.Kind.OUT_OF_MEMORY, "nobody is left");
        }
        return plan(left.toArray(NodeId[]::new));
      }

      @Override
      public Optional<String> missing(List<Plan> plans) {
        return plans.size() <= room ? Optional.empty() : Optional.of("no room");
      }
    };
  }

  @Test
  void everyOtherNodeHasThePlanThatItsLossWouldLeadTo() {
    SparePlans spares = SparePlans.of(ACTIVE, A, planner(9, A, B, C));
    assertThat(spares.chosen()).containsOnlyKeys(B, C);
    assertThat(spares.chosen()).containsEntry(B, plan(A, C)).containsEntry(C, plan(A, B));
    assertThat(spares.missing()).isEmpty();
  }

  @Test
  void aNodeThatTakesNoPartStandsByForItselfToo() {
    assertThat(SparePlans.of(ACTIVE, D, planner(9, A, B, C)).chosen()).containsOnlyKeys(A, B, C);
  }

  @Test
  void onePlanMayServeForSeveralAndCountsOnce() {
    SparePlans spares = SparePlans.of(ACTIVE, A, planner(2, D));
    assertThat(spares.chosen()).containsEntry(B, plan(D)).containsEntry(C, plan(D));
  }

  @Test
  void whatDoesNotFitBesideTheOthersIsMissingWithItsReason() {
    SparePlans spares = SparePlans.of(ACTIVE, A, planner(2, A, B, C));
    assertThat(spares.chosen()).containsOnlyKeys(B);
    assertThat(spares.missing()).containsEntry(C, "no room");
    assertThat(SparePlans.of(ACTIVE, A, planner(9)).missing())
        .containsEntry(B, "nobody is left")
        .containsEntry(C, "nobody is left");
  }
}
