package dev.brigade.launcher.node;

import dev.brigade.cluster.ClusterState;
import dev.brigade.launcher.console.ProgressLine;
import dev.brigade.spi.partition.Plan;
import dev.brigade.spi.partition.Stage;
import dev.brigade.spi.transport.NodeId;
import dev.brigade.spi.transport.NodeInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Tells a person what has changed in the cluster. Used on the node's loop only. */
public final class ClusterWatch implements Consumer<ClusterState> {
  private final Consumer<String> printer;
  private List<NodeInfo> nodes = List.of();
  private List<Plan> plans = List.of();

  /**
   * @param printer takes one line at a time; must not block for long
   */
  public ClusterWatch(Consumer<String> printer) {
    this.printer = printer;
  }

  @Override
  public void accept(ClusterState state) {
    for (NodeInfo node : state.nodes()) {
      if (!node.id().equals(state.self()) && find(nodes, node.id()).isEmpty()) {
        printer.accept("joined   " + describe(node));
      }
    }
    for (NodeInfo node : nodes) {
      if (find(state.nodes(), node.id()).isEmpty()) {
        printer.accept("left     " + node.name());
      }
    }
    List<NodeInfo> named = new ArrayList<>(state.nodes());
    named.addAll(nodes);
    for (Plan plan : state.plans()) {
      if (!plans.contains(plan)) {
        printer.accept("plan     " + describe(plan, named));
      }
    }
    nodes = state.nodes();
    plans = state.plans();
  }

  /** A node in one line. */
  public static String describe(NodeInfo node) {
    return String.format(
        "%s  %s on %s, %s, %s",
        node.name(),
        node.profile().engine(),
        node.profile().device(),
        ProgressLine.bytes(node.memoryBytes()),
        node.address());
  }

  /** A plan in one line. */
  public static String describe(Plan plan, List<NodeInfo> nodes) {
    StringBuilder line = new StringBuilder(plan.model().id()).append(": ");
    for (Stage stage : plan.stages()) {
      line.append(stage.first() == 0 ? "" : " -> ").append(name(stage.node(), nodes));
      line.append(" layers ").append(stage.first()).append("..").append(stage.last() - 1);
      line.append(" (").append(stage.engine()).append(' ').append(stage.precision()).append(')');
    }
    return line.append("  [").append(plan.id()).append(']').toString();
  }

  /** The name of a node, or its id if it is not among these. */
  public static String name(NodeId id, List<NodeInfo> nodes) {
    return find(nodes, id).map(NodeInfo::name).orElseGet(id::value);
  }

  private static Optional<NodeInfo> find(List<NodeInfo> nodes, NodeId id) {
    return nodes.stream().filter(node -> node.id().equals(id)).findFirst();
  }
}
