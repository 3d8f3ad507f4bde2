package dev.brigade.launcher.plan;

import dev.brigade.spi.engine.DType;
import dev.brigade.spi.engine.EngineProfile;
import dev.brigade.spi.engine.Precision;
import dev.brigade.spi.transport.Endpoint;
import dev.brigade.spi.transport.Machine;
import dev.brigade.spi.transport.NodeId;
import dev.brigade.spi.transport.NodeInfo;
import dev.brigade.spi.transport.NodeState;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A node of a {@link ClusterFile}.
 *
 * @param name told apart by it
 * @param engine its engine's name
 * @param device {@code cpu}, or anything else for an accelerator
 * @param memory bytes that Brigade may use
 * @param machine nodes with the same one share its memory; by default one of its own
 * @param machineMemory bytes that the nodes of the machine may use together
 * @param precisions that its engine has, the preferred first; by default all that are known
 * @param keepsGroups whether a checkpoint quantised in groups stays so in memory; by default for
 *     mlx
 * @param reads bytes of weights per second when it decodes, of any precision
 */
public record HypotheticalNode(
    String name,
    Optional<String> engine,
    Optional<String> device,
    long memory,
    Optional<String> machine,
    Optional<Long> machineMemory,
    Optional<List<String>> precisions,
    Optional<Boolean> keepsGroups,
    Optional<Long> reads) {

  /** Bytes per weight, scales of blocks included. */
  private static final Map<String, Double> BYTES =
      Map.ofEntries(
          Map.entry("f32", 4.0),
          Map.entry("bf16", 2.0),
          Map.entry("f16", 2.0),
          Map.entry("int8", 1.0625),
          Map.entry("q8_0", 1.0625),
          Map.entry("q6_k", 0.8203125),
          Map.entry("q5_k", 0.6875),
          Map.entry("int4", 0.625),
          Map.entry("q4_k", 0.5625),
          Map.entry("q4_0", 0.5625));

  private static final List<String> USUAL = List.of("bf16", "f16", "f32", "int8", "int4");

  public HypotheticalNode {
    for (String precision : precisions.orElse(USUAL)) {
      if (!BYTES.containsKey(precision)) {
        throw new IllegalArgumentException(
            "precision '"
                + precision
                + "' is none of "
                + BYTES.keySet().stream().sorted().toList());
      }
    }
    if (memory < 0 || precisions.filter(List::isEmpty).isPresent()) {
      throw new IllegalArgumentException("memory is " + memory + ", precisions " + precisions);
    }
    if (reads.filter(bytes -> bytes < 1).isPresent()) {
      throw new IllegalArgumentException("reads is " + reads.get() + " bytes per second");
    }
  }

  NodeInfo info() {
    Map<String, Double> rates =
        reads
            .map(bytes -> Map.of(EngineProfile.Cost.DECODE_BYTES_PER_S, (double) bytes))
            .orElse(Map.of());
    List<EngineProfile.Cost> costs =
        precisions.orElse(USUAL).stream().map(precision -> cost(precision, rates)).toList();
    EngineProfile profile =
        new EngineProfile(
            engine.orElse("any"),
            device.orElse("cpu"),
            costs,
            Set.of(DType.F32, DType.BF16),
            1,
            0,
            keepsGroups.orElse(engine.filter("mlx"::equals).isPresent()));
    return new NodeInfo(
        new NodeId(name),
        name,
        new Machine(machine.orElse(name), machineMemory.orElse(memory)),
        new Endpoint("localhost", 1),
        Optional.empty(),
        profile,
        memory,
        List.of(),
        NodeState.UP);
  }

  private static EngineProfile.Cost cost(String name, Map<String, Double> rates) {
    double bytes = BYTES.get(name);
    return new EngineProfile.Cost(new Precision(name), bytes, bytes > 2 ? 4 : 2, DType.F32, rates);
  }
}
