package dev.brigade.engine.ggml;

import dev.brigade.engine.ggml.binding.GgmlDevice;
import dev.brigade.engine.ggml.binding.GgmlRuntime;
import dev.brigade.engine.ggml.binding.GgmlType;
import dev.brigade.engine.ggml.binding.TensorBlock;
import dev.brigade.model.decoder.WeightUse;
import dev.brigade.model.weights.BlockWeight;
import dev.brigade.model.weights.Checkpoint;
import dev.brigade.model.weights.Weight;
import dev.brigade.spi.engine.EngineException.BadModel;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Chooses the form in which each weight of a shard is held. A checkpoint that has quantised blocks
 * of the wanted precision is used as it is, whatever its other tensors are stored in; else matrices
 * get the wanted type.
 */
final class WeightForms {
  private final GgmlRuntime runtime;
  private final GgmlDevice device;
  private final Checkpoint checkpoint;
  private final String fingerprint;
  private final WeightPrecision precision;
  private final boolean asStored;

  /**
   * @param fingerprint of the model
   */
  WeightForms(
      GgmlRuntime runtime,
      GgmlDevice device,
      Checkpoint checkpoint,
      String fingerprint,
      WeightPrecision precision) {
    this.runtime = runtime;
    this.device = device;
    this.checkpoint = checkpoint;
    this.fingerprint = fingerprint;
    this.precision = precision;
    asStored =
        checkpoint.blockTypes().stream()
            .anyMatch(type -> GgmlType.of(type) == precision.matrices());
  }

  /** A weight in one of its uses. */
  record Use(Weight weight, WeightUse use) {}

  /** The form of every use; uses may share one. */
  Map<Use, WeightKey> of(Map<Weight, Set<WeightUse>> uses) throws BadModel {
    Map<Use, WeightKey> forms = new LinkedHashMap<>();
    for (Map.Entry<Weight, Set<WeightUse>> entry : uses.entrySet()) {
      for (WeightUse use : entry.getValue()) {
        forms.put(new Use(entry.getKey(), use), form(entry.getKey(), use));
      }
    }
    return forms;
  }

  private WeightKey form(Weight weight, WeightUse use) throws BadModel {
    GgmlType type =
        switch (use) {
          case VECTOR, ROUTER, SINKS, EXPERT_BIAS -> GgmlType.F32;
          case TABLE, MATRIX, EXPERTS -> asStored ? stored(weight) : wanted(weight);
        };
    return new WeightKey(fingerprint, weight, type, place(weight, use, type));
  }

  /** Tables stay in main memory: few devices look rows of blocks up, and only rows have to go. */
  private WeightKey.Place place(Weight weight, WeightUse use, GgmlType type) {
    if (!device.isCpu()) {
      return use == WeightUse.TABLE ? WeightKey.Place.HOST : WeightKey.Place.DEVICE;
    }
    boolean multiplied = use == WeightUse.MATRIX || use == WeightUse.EXPERTS;
    boolean packed =
        multiplied
            && type.isQuantized()
            && device.packs(new TensorBlock.Layout(type, weight.shape()));
    return packed ? WeightKey.Place.PACKED : WeightKey.Place.HOST;
  }

  private GgmlType stored(Weight weight) throws BadModel {
    Optional<BlockWeight> blocks = checkpoint.blocks(weight);
    if (blocks.isPresent()) {
      return runtime.held(GgmlType.of(blocks.get().type()));
    }
    GgmlType type = GgmlType.of(checkpoint.storedType(weight));
    // Blocks of several types, or cut through, come as f32.
    return type == GgmlType.F32 && weight.shape().size() > 1 ? wanted(weight) : type;
  }

  /** The wanted type, or the next best one whose blocks divide the rows. */
  private GgmlType wanted(Weight weight) {
    long row = weight.shape().get(weight.shape().size() - 1);
    List<GgmlType> choices = new ArrayList<>(List.of(runtime.held(precision.matrices())));
    if (precision.matrices().isQuantized()) {
      choices.add(GgmlType.Q8_0);
      choices.add(GgmlType.F16);
    }
    return choices.stream().filter(type -> type.divides(row)).findFirst().orElseThrow();
  }
}
