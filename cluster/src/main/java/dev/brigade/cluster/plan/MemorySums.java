package dev.brigade.cluster.plan;

import dev.brigade.spi.transport.Machine;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Adds up what stages take of their nodes' memory, and of their machines'. */
final class MemorySums {
  private MemorySums() {}

  /** The sums that break, each naming what needs how many bytes and what there is; none if none. */
  static List<String> missing(List<PlanAssembly.Part> parts, StageCosts costs) {
    List<String> missing = new ArrayList<>();
    Map<String, Machine> machines = new LinkedHashMap<>();
    Map<String, Long> taken = new LinkedHashMap<>();
    for (PlanAssembly.Part part : parts) {
      long bytes = costs.bytes(part.node(), part.cost(), part.first(), part.last());
      machines.put(part.node().machine().id(), part.node().machine());
      taken.merge(part.node().machine().id(), bytes, Long::sum);
      if (bytes > part.node().memoryBytes()) {
        missing.add(
            "node %s: %s needs %d bytes, it may use %d"
                .formatted(
                    part.node().name(),
                    costs.describe(part.cost(), part.first(), part.last()),
                    bytes,
                    part.node().memoryBytes()));
      }
    }
    taken.forEach(
        (machine, bytes) -> {
          long has = machines.get(machine).memoryBytes();
          if (bytes > has) {
            missing.add(
                "machine %s: its stages need %d bytes together, it has %d"
                    .formatted(machine, bytes, has));
          }
        });
    return missing;
  }

  /** What a whole model would need, where no choice of nodes can hold it. */
  static List<String> ofWhole(Candidates candidates, StageCosts costs, String model) {
    List<String> missing = new ArrayList<>();
    int layers = candidates.layers();
    Candidates.Candidate frugal =
        candidates.all().stream()
            .min((a, b) -> Double.compare(a.cost().bytesPerWeight(), b.cost().bytesPerWeight()))
            .orElseThrow();
    long needed = costs.bytes(frugal.node(), frugal.cost(), 0, layers);
    long weights = costs.weightBytes(frugal.cost(), 0, layers);
    missing.add(
        "%s, %s, needs %d bytes on one node (%d of them weights)"
            .formatted(model, costs.describe(frugal.cost(), 0, layers), needed, weights));
    for (Candidates.Candidate candidate : candidates.all()) {
      missing.add(
          "node %s may use %d bytes, room for %d of %d layers"
              .formatted(
                  candidate.node().name(), candidate.budget(), candidate.mostLayers(), layers));
    }
    return missing;
  }
}
