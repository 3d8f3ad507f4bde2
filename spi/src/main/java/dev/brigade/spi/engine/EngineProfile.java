package dev.brigade.spi.engine;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What an engine can do on its device, as data that is announced to the cluster and planned with.
 *
 * @param engine the provider's name
 * @param device what computes, for a person to read ("cpu, 8 threads", "NVIDIA H100"); begins with
 *     "cpu" where that is the machine's processor
 * @param costs what each supported precision costs; the first is what {@code auto} means for a
 *     model stored in f32
 * @param hiddenTypes element types in which a shard takes and gives hidden states; has F32 at least
 * @param maxSlices most sequences that one pass takes; at least 1
 * @param runtimeBytes memory that the engine takes before any model is loaded
 * @param keepsGroups whether weights that are stored quantised in groups stay so in memory,
 *     whatever the precision
 */
public record EngineProfile(
    String engine,
    String device,
    List<Cost> costs,
    Set<DType> hiddenTypes,
    int maxSlices,
    long runtimeBytes,
    boolean keepsGroups) {

  public EngineProfile {
    costs = List.copyOf(costs);
    hiddenTypes = Set.copyOf(hiddenTypes);
    if (costs.isEmpty() || maxSlices < 1 || runtimeBytes < 0 || !hiddenTypes.contains(DType.F32)) {
      throw new IllegalArgumentException(
          "engine profile of '"
              + engine
              + "' needs a precision, F32 hidden states, maxSlices >= 1");
    }
  }

  /** Of an engine that unpacks groups. */
  public EngineProfile(
      String engine,
      String device,
      List<Cost> costs,
      Set<DType> hiddenTypes,
      int maxSlices,
      long runtimeBytes) {
    this(engine, device, costs, hiddenTypes, maxSlices, runtimeBytes, false);
  }

  /**
   * What one precision costs.
   *
   * @param precision the precision
   * @param bytesPerWeight memory per weight element, quantisation scales included
   * @param bytesPerKvElement memory per element of a KV cache
   * @param residual element type in which hidden states go from layer to layer; what a link must
   *     not round
   * @param measured rates by name, where known: {@value #DECODE_BYTES_PER_S}, {@value
   *     #PREFILL_FLOP_PER_S}
   */
  public record Cost(
      Precision precision,
      double bytesPerWeight,
      double bytesPerKvElement,
      DType residual,
      Map<String, Double> measured) {
    /** Bytes of weights that go through the device per second when it decodes one stream. */
    public static final String DECODE_BYTES_PER_S = "decode_bytes_per_s";

    /** Operations per second in a prompt, two for each weight and row. */
    public static final String PREFILL_FLOP_PER_S = "prefill_flop_per_s";

    public Cost {
      measured = Map.copyOf(measured);
      if (!(bytesPerWeight > 0) || !(bytesPerKvElement > 0)) {
        throw new IllegalArgumentException("cost of " + precision + " must be positive");
      }
    }

    /** The same with weights of another size. */
    public Cost withBytesPerWeight(double bytes) {
      return new Cost(precision, bytes, bytesPerKvElement, residual, measured);
    }

    /** The same with these rates, beside or instead of those known before. */
    public Cost withMeasured(Map<String, Double> rates) {
      Map<String, Double> all = new TreeMap<>(measured);
      all.putAll(rates);
      return new Cost(precision, bytesPerWeight, bytesPerKvElement, residual, all);
    }
  }

  /** The same profile with what has been measured of one precision since. */
  public EngineProfile withMeasured(Precision precision, Map<String, Double> rates) {
    List<Cost> updated =
        costs.stream()
            .map(cost -> cost.precision().equals(precision) ? cost.withMeasured(rates) : cost)
            .toList();
    return new EngineProfile(
        engine, device, updated, hiddenTypes, maxSlices, runtimeBytes, keepsGroups);
  }

  /** The precisions that the engine has, in its order of preference. */
  public List<Precision> precisions() {
    return costs.stream().map(Cost::precision).toList();
  }

  /** The cost of a precision; empty if the engine lacks it. */
  public java.util.Optional<Cost> cost(Precision precision) {
    return costs.stream().filter(cost -> cost.precision().equals(precision)).findFirst();
  }
}
