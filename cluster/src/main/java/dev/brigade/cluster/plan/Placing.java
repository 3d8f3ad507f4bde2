package dev.brigade.cluster.plan;

import dev.brigade.cluster.Deadlines;
import dev.brigade.cluster.RequestException;
import dev.brigade.cluster.ServedModel;
import dev.brigade.cluster.runtime.Messenger;
import dev.brigade.cluster.wire.Head;
import dev.brigade.spi.partition.Demand;
import dev.brigade.spi.partition.PartitionStrategy;
import dev.brigade.spi.partition.Plan;
import dev.brigade.spi.partition.PlanOutcome;
import dev.brigade.spi.partition.PlanRequest;
import dev.brigade.spi.partition.Stage;
import dev.brigade.spi.transport.NodeId;
import dev.brigade.spi.transport.NodeInfo;
import dev.brigade.spi.transport.NodeState;
import dev.brigade.spi.transport.TransportException;
import dev.brigade.spi.transport.View;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** Makes a plan for the present view, and has its stages loaded or released. Owned by the loop. */
final class Placing {
  private static final System.Logger LOG = System.getLogger(Placing.class.getName());

  /** Asking again joins the loading that is under way; to fetch a large model takes hours. */
  private static final int QUESTIONS = 24;

  private final NodeId self;
  private final Messenger messenger;
  private final PartitionStrategy strategy;
  private final Deadlines deadlines;
  private final BrokenLinks broken;
  private final Consumer<Duration> linkBroken;
  private final Set<String> held = new HashSet<>();
  private View view = new View(0, List.of());

  /**
   * @param self takes stages of its own requests' plans even while it drains: they are to end here
   * @param linkBroken told when two nodes turn out not to reach each other, and for how long no
   *     plan has both
   */
  Placing(
      NodeId self,
      Messenger messenger,
      PartitionStrategy strategy,
      Deadlines deadlines,
      Clock clock,
      Consumer<Duration> linkBroken) {
    this.self = self;
    this.broken = new BrokenLinks(self, clock);
    this.linkBroken = linkBroken;
    this.messenger = messenger;
    this.strategy = strategy;
    this.deadlines = deadlines;
  }

  void view(View newView) {
    view = newView;
    broken.retain(newView.members().stream().map(NodeInfo::id).toList());
  }

  private List<NodeInfo> nodes() {
    return view.members().stream()
        .map(node -> node.id().equals(self) ? node.withState(NodeState.UP) : node)
        .toList();
  }

  /** Whether all of a plan's nodes are members, and reach each other as far as is known. */
  boolean isWhole(Plan plan) {
    List<NodeId> nodes = new ArrayList<>(plan.stages().stream().map(Stage::node).toList());
    boolean members = nodes.stream().allMatch(node -> view.member(node).isPresent());
    nodes.add(self);
    return members && broken.spares(nodes);
  }

  /** Whether a plan was placed and not released. */
  boolean holds(String plan) {
    return held.contains(plan);
  }

  /** Plans for some time without one of two nodes, of which one cannot speak to the other. */
  void unreachable(NodeId from, NodeId to) {
    boolean members = view.member(from).isPresent() && view.member(to).isPresent();
    if (members) {
      broken
          .add(from, to)
          .ifPresent(
              span -> {
                LOG.log(
                    System.Logger.Level.WARNING,
                    "node {0} does not reach node {1}; no plan has both for {2} s",
                    from,
                    to,
                    span.toSeconds());
                linkBroken.accept(span);
              });
    }
  }

  /**
   * The plan for the present view.
   *
   * @throws RequestException of kind OUT_OF_MEMORY if nothing fits, with the sums
   */
  Plan plan(ServedModel model, Demand demand, List<Plan> current) throws RequestException {
    return plan(model, demand, nodes(), current);
  }

  /**
   * The plan if a node were not there.
   *
   * @throws RequestException as {@link #plan}
   */
  Plan planWithout(ServedModel model, Demand demand, NodeId lost) throws RequestException {
    List<NodeInfo> left = nodes().stream().filter(node -> !node.id().equals(lost)).toList();
    return plan(model, demand, left, List.of());
  }

  /** The sum that breaks when these plans are loaded at the same time, of which one serves. */
  Optional<String> missing(ServedModel model, Demand demand, List<Plan> plans) {
    return new StandbyMemory(model.shape(), demand, view.members()).missing(plans);
  }

  private Plan plan(ServedModel model, Demand demand, List<NodeInfo> nodes, List<Plan> current)
      throws RequestException {
    List<NodeInfo> linked = broken.without(nodes);
    PlanOutcome outcome = outcome(model, demand, linked, current);
    if (outcome instanceof PlanOutcome.Refused && linked.size() < nodes.size()) {
      // All of them may serve in another order, or by the time that they are asked.
      outcome = outcome(model, demand, nodes, current);
    }
    if (outcome instanceof PlanOutcome.Planned planned) {
      return planned.plan();
    }
    PlanOutcome.Refused refused = (PlanOutcome.Refused) outcome;
    throw new RequestException(
        RequestException.Kind.OUT_OF_MEMORY,
        "no plan fits %s: %s; reasons: %s"
            .formatted(
                model.ref().id(),
                String.join("; ", refused.missing()),
                refused.reasons().values()));
  }

  private PlanOutcome outcome(
      ServedModel model, Demand demand, List<NodeInfo> nodes, List<Plan> current) {
    return strategy.plan(
        new PlanRequest(model.shape(), nodes, Timings.announced(nodes), demand, current));
  }

  /** Has every stage loaded; on failure all are released. */
  CompletableFuture<PlacedPlan> place(Plan plan) {
    held.add(plan.id());
    List<CompletableFuture<Head.Placed>> answers = new ArrayList<>();
    for (Stage stage : plan.stages()) {
      answers.add(
          ask(
                  stage,
                  plan,
                  QUESTIONS,
                  () -> !isWhole(plan) || answers.stream().anyMatch(Placing::hasFailed))
              .thenCompose(placed -> reaching(stage, placed)));
    }
    return CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new))
        .handle(
            (all, failure) -> {
              if (failure != null) {
                release(plan);
                return CompletableFuture.<PlacedPlan>failedFuture(Messenger.unwrap(failure));
              }
              List<PlacedPlan.Load> loads =
                  answers.stream()
                      .map(CompletableFuture::join)
                      .map(placed -> new PlacedPlan.Load(placed.loadMillis(), placed.bytes()))
                      .toList();
              return CompletableFuture.completedFuture(new PlacedPlan(plan, loads));
            })
        .thenCompose(stage -> stage);
  }

  private CompletableFuture<Head.Placed> reaching(Stage stage, Head.Placed placed) {
    if (placed.unreachable().isEmpty()) {
      return CompletableFuture.completedFuture(placed);
    }
    placed.unreachable().forEach(node -> unreachable(stage.node(), node));
    return CompletableFuture.failedFuture(
        new TransportException.Refused(
            "node %s does not reach %s".formatted(stage.node(), placed.unreachable())));
  }

  /** Asks a stage again when it takes long, unless another one has failed or is lost meanwhile. */
  private CompletableFuture<Head.Placed> ask(
      Stage stage, Plan plan, int questions, BooleanSupplier pointless) {
    return messenger
        .send(stage.node(), new Head.Place(plan), List.of(), deadlines.place(), Head.Placed.class)
        .handle(
            (placed, failure) -> {
              if (failure == null) {
                return CompletableFuture.completedFuture(placed);
              }
              Throwable cause = Messenger.unwrap(failure);
              boolean late = cause instanceof TransportException.DeadlineExceeded;
              return late && questions > 1 && !pointless.getAsBoolean()
                  ? ask(stage, plan, questions - 1, pointless)
                  : CompletableFuture.<Head.Placed>failedFuture(cause);
            })
        .thenCompose(answer -> answer);
  }

  private static boolean hasFailed(CompletableFuture<Head.Placed> answer) {
    return answer.isCompletedExceptionally();
  }

  /** Tells every stage that is still there that this node does not need it any more. */
  CompletableFuture<Void> release(Plan plan) {
    held.remove(plan.id());
    List<CompletableFuture<Head.Ack>> answers = new ArrayList<>();
    for (Stage stage : plan.stages()) {
      answers.add(
          messenger
              .sendUntilAnswered(
                  stage.node(),
                  new Head.Release(plan.id()),
                  List.of(),
                  deadlines.control(),
                  3,
                  Head.Ack.class)
              .exceptionally(failure -> new Head.Ack()));
    }
    return CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new));
  }
}
