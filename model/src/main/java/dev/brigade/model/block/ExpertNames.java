package dev.brigade.model.block;

import dev.brigade.model.decoder.ExpertStacks;
import dev.brigade.model.weights.Weight;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Where the experts of a layer are stored: one by one, as {@code name.N.gate_proj.weight} and so
 * on; fused, as {@code name.gate_up_proj [experts, 2 inner, width]} and {@code name.down_proj}; or
 * stacked beside them, as MLX does it, as {@code switch_mlp.gate_proj.weight} and so on.
 *
 * @param experts number of experts
 * @param inner elements between the projections of an expert
 * @param width elements of a hidden state
 */
public record ExpertNames(int experts, int inner, int width) {

  /** The stacks under a name, in either form, with the usual names of projections. */
  public ExpertStacks stacks(String name) {
    return stacks(name, "gate_proj", "up_proj", "down_proj", name);
  }

  /**
   * The stacks in either form.
   *
   * @param name of experts that are stored one by one, whose projections are {@code gate}, {@code
   *     up} and {@code down}
   * @param fusedName of experts that are stored fused
   */
  public ExpertStacks stacks(String name, String gate, String up, String down, String fusedName) {
    Weight fused = Weight.named(fusedName + ".gate_up_proj", experts, 2L * inner, width);
    return new ExpertStacks(
        Weight.firstOf(
            each(name, gate, inner, width),
            stacked(name, "gate_proj", inner, width),
            fused.slice(1, 0, inner, 1)),
        Weight.firstOf(
            each(name, up, inner, width),
            stacked(name, "up_proj", inner, width),
            fused.slice(1, inner, 2L * inner, 1)),
        Weight.firstOf(
            each(name, down, width, inner),
            stacked(name, "down_proj", width, inner),
            Weight.named(fusedName + ".down_proj", experts, width, inner)),
        Optional.empty());
  }

  private Weight stacked(String name, String projection, int out, int in) {
    String beside = name.substring(0, name.lastIndexOf('.')) + ".switch_mlp.";
    return Weight.named(beside + projection + ".weight", experts, out, in);
  }

  private Weight each(String name, String projection, int out, int in) {
    return Weight.stack(
        IntStream.range(0, experts)
            .mapToObj(n -> Weight.named("%s.%d.%s.weight".formatted(name, n, projection), out, in))
            .toList());
  }
}
