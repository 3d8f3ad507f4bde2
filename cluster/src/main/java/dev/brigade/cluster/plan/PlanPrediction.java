package dev.brigade.cluster.plan;

import dev.brigade.spi.partition.Prediction;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What stages in a row come to: a token's time is their sum, the flow is that of the slowest. */
final class PlanPrediction {
  private PlanPrediction() {}

  static Prediction of(List<PlanAssembly.Part> parts, StageCosts costs, Timings timings) {
    List<Prediction.Part> stages = new ArrayList<>();
    double total = 0;
    double slowest = 0;
    for (int i = 0; i < parts.size(); i++) {
      PlanAssembly.Part part = parts.get(i);
      boolean tail = i + 1 == parts.size();
      PlanAssembly.Part next = parts.get(tail ? 0 : i + 1);
      double compute = timings.compute(part.node(), part.cost(), part.first(), part.last());
      double handOn =
          tail
              ? timings.handBack(part.node(), next.node())
              : timings.handOn(part.node(), next.node(), part.linkType(next));
      double busy = tail ? 0 : timings.transfer(part.node(), next.node(), part.linkType(next));
      total += compute + handOn;
      slowest = Math.max(slowest, Math.max(compute, busy));
      stages.add(
          new Prediction.Part(
              seconds(compute),
              seconds(handOn),
              costs.bytes(part.node(), part.cost(), part.first(), part.last()),
              Timings.isMeasured(part.cost())));
    }
    return new Prediction(seconds(total), 1 / slowest, stages);
  }

  private static Duration seconds(double seconds) {
    return Duration.ofNanos(Math.round(seconds * 1e9));
  }
}
