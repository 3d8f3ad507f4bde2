package dev.brigade.launcher.plan;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.brigade.spi.partition.PlanOutcome;
import dev.brigade.spi.partition.PlanRequest;
import dev.brigade.spi.partition.Prediction;
import dev.brigade.spi.partition.Stage;
import dev.brigade.spi.transport.NodeId;
import dev.brigade.spi.transport.NodeInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What came of planning, as {@code brigade plan --json} prints it, in snake case.
 *
 * @param nodes where the nodes are from
 * @param plan hash of the stages; null if nothing fits
 * @param msPerToken of one stream, predicted; null if the strategy does not predict
 * @param tokensPerS of one stream
 * @param throughputTokensPerS of many streams
 * @param missing the sums that broke; empty if there is a plan
 * @param why for each node, in the order of the cluster
 */
@JsonInclude(JsonInclude.Include.ALWAYS)
public record PlanReport(
    String model,
    int layers,
    int context,
    String goal,
    String strategy,
    String nodes,
    String plan,
    List<Part> stages,
    Double msPerToken,
    Double tokensPerS,
    Double throughputTokensPerS,
    List<String> missing,
    List<Reason> why) {

  /**
   * A stage.
   *
   * @param handOnMs to the next stage; of the last one, of the drawn token to the first
   * @param rateMeasured whether the engine's rate was measured; else it is assumed
   */
  public record Part(
      String node,
      String engine,
      List<Integer> layers,
      String precision,
      long memoryBytes,
      long mayUseBytes,
      Double computeMs,
      Double handOnMs,
      boolean rateMeasured) {}

  /** Why a node is used or left out. */
  public record Reason(String node, boolean used, String reason) {}

  /** Makes a report. */
  public static PlanReport of(
      PlanRequest request, PlanOutcome outcome, String strategy, String source) {
    Optional<PlanOutcome.Planned> planned =
        outcome instanceof PlanOutcome.Planned fits ? Optional.of(fits) : Optional.empty();
    Optional<Prediction> prediction = planned.flatMap(PlanOutcome.Planned::prediction);
    List<String> missing =
        outcome instanceof PlanOutcome.Refused refused ? refused.missing() : List.of();
    Optional<Double> millis = prediction.map(times -> times.perToken().toNanos() / 1e6);
    return new PlanReport(
        request.model().model().id(),
        request.model().layers(),
        request.demand().context(),
        request.demand().goal().name().toLowerCase(Locale.ROOT),
        strategy,
        source,
        planned.map(fits -> fits.plan().id()).orElse(null),
        planned.map(fits -> stages(request, fits)).orElse(List.of()),
        millis.orElse(null),
        millis.map(time -> 1000 / time).orElse(null),
        prediction.map(Prediction::tokensPerSecond).orElse(null),
        missing,
        why(request, outcome, planned));
  }

  private static List<Part> stages(PlanRequest request, PlanOutcome.Planned planned) {
    List<Part> parts = new ArrayList<>();
    List<Stage> stages = planned.plan().stages();
    for (int i = 0; i < stages.size(); i++) {
      Stage stage = stages.get(i);
      int number = i;
      NodeInfo node = node(request, stage.node());
      Optional<Prediction.Part> times = planned.prediction().map(all -> all.stages().get(number));
      parts.add(
          new Part(
              node.name(),
              stage.engine(),
              List.of(stage.first(), stage.last()),
              stage.precision().name(),
              times.map(Prediction.Part::memoryBytes).orElse(0L),
              node.memoryBytes(),
              times.map(time -> time.compute().toNanos() / 1e6).orElse(null),
              times.map(time -> time.handOn().toNanos() / 1e6).orElse(null),
              times.map(Prediction.Part::measured).orElse(false)));
    }
    return parts;
  }

  private static NodeInfo node(PlanRequest request, NodeId id) {
    return request.nodes().stream().filter(node -> node.id().equals(id)).findFirst().orElseThrow();
  }

  private static List<Reason> why(
      PlanRequest request, PlanOutcome outcome, Optional<PlanOutcome.Planned> planned) {
    return request.nodes().stream()
        .map(
            node ->
                new Reason(
                    node.name(),
                    planned.stream()
                        .flatMap(fits -> fits.plan().stages().stream())
                        .anyMatch(stage -> stage.node().equals(node.id())),
                    outcome.reasons().getOrDefault(node.id(), "the strategy gives no reason")))
        .toList();
  }
}
