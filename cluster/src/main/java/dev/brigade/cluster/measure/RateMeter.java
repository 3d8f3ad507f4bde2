package dev.brigade.cluster.measure;

import dev.brigade.cluster.observe.ClusterEvent;
import dev.brigade.cluster.observe.NodeObserver;
import dev.brigade.cluster.observe.StageMeasure;
import dev.brigade.spi.engine.EngineProfile;
import dev.brigade.spi.engine.Precision;
import dev.brigade.spi.partition.ModelShape;
import dev.brigade.spi.partition.Plan;
import dev.brigade.spi.partition.Stage;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * At which rate this node's engine reads weights, from the passes that it computes anyway: the
 * median over the last passes of a single row. A shard that is small against the time of a call
 * says nothing about the device, so only those count that are large, and of them the larger. Owned
 * by the loop.
 */
public final class RateMeter implements NodeObserver {
  /** Below, a pass measures the call rather than the memory. */
  static final long LEAST_BYTES = 64L << 20;

  static final int PASSES = 15;

  /** By which part a rate must differ from what was told before to be told anew. */
  private static final double CHANGE = 0.2;

  private final EngineProfile profile;
  private final Function<Plan, Optional<ModelShape>> shapes;
  private final Runnable changed;
  private final Map<String, Window> windows = new TreeMap<>();

  /**
   * @param profile of this node's engine
   * @param shapes finds the model of a plan that has a stage here
   * @param changed run when {@link #rates} has changed so much that it should be announced
   */
  public RateMeter(
      EngineProfile profile, Function<Plan, Optional<ModelShape>> shapes, Runnable changed) {
    this.profile = profile;
    this.shapes = shapes;
    this.changed = changed;
  }

  private static final class Window {
    private final Precision precision;
    private final Deque<Double> rates = new ArrayDeque<>();
    private long bytes;
    private double told;

    private Window(Precision precision) {
      this.precision = precision;
    }

    private double median() {
      return rates.stream().sorted().skip(rates.size() / 2).findFirst().orElseThrow();
    }
  }

  @Override
  public void event(ClusterEvent event) {
    // Only passes tell of rates.
  }

  @Override
  public void measured(StageMeasure measure) {
    if (measure instanceof StageMeasure.Passed passed && passed.rows() == 1) {
      Stage stage = passed.plan().stages().get(passed.stage());
      Optional<ModelShape> shape = shapes.apply(passed.plan());
      Optional<EngineProfile.Cost> cost =
          shape.flatMap(model -> model.cost(profile, stage.precision()));
      if (cost.isPresent()) {
        double bytes = shape.get().reads(stage.first(), stage.last()) * cost.get().bytesPerWeight();
        if (passed(stage.precision(), (long) bytes, passed.compute())) {
          changed.run();
        }
      }
    }
  }

  /**
   * A pass of a single row has been computed.
   *
   * @param bytes of the weights that it went through
   * @return whether the rate is now so different from before that it should be announced
   */
  boolean passed(Precision precision, long bytes, Duration compute) {
    if (bytes < LEAST_BYTES || compute.isZero() || compute.isNegative()) {
      return false;
    }
    Window window = windows.computeIfAbsent(precision.name(), name -> new Window(precision));
    if (bytes < window.bytes / 2) {
      return false;
    }
    if (bytes > window.bytes * 2) {
      window.rates.clear();
    }
    window.bytes = Math.max(window.bytes, bytes);
    window.rates.addLast(bytes / (compute.toNanos() * 1e-9));
    if (window.rates.size() < PASSES) {
      return false;
    }
    if (window.rates.size() > PASSES) {
      window.rates.removeFirst();
    }
    double median = window.median();
    if (Math.abs(median - window.told) <= CHANGE * window.told) {
      return false;
    }
    window.told = median;
    return true;
  }

  /** Bytes per second of each precision that has been measured. */
  public Map<Precision, Double> rates() {
    return windows.values().stream()
        .filter(window -> window.told > 0)
        .collect(Collectors.toMap(window -> window.precision, window -> window.told));
  }
}
