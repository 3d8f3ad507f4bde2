package dev.brigade.engine.mlx;

import dev.brigade.engine.mlx.binding.Grouped;
import dev.brigade.engine.mlx.binding.Mlx;
import dev.brigade.engine.mlx.binding.MlxType;
import dev.brigade.model.decoder.Decoder;
import dev.brigade.model.decoder.KvShape;
import dev.brigade.model.decoder.WeightUse;
import dev.brigade.model.decoder.WeightUses;
import dev.brigade.model.weights.Checkpoint;
import dev.brigade.model.weights.GroupCoding;
import dev.brigade.model.weights.GroupedWeight;
import dev.brigade.model.weights.Weight;
import dev.brigade.spi.engine.EngineException;
import dev.brigade.spi.engine.Shard;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/** What a shard computes, how, and where. */
record ShardPlan(Shard shard, Decoder decoder, Arithmetic arithmetic, Mlx.Device device) {
  // What MLX has products for, if groups are affine.
  private static final Set<Integer> GROUP_SIZES = Set.of(32, 64, 128);

  /** In which matrices are multiplied and keys and values are cached. */
  MlxType type() {
    return arithmetic.type();
  }

  /**
   * In which quantised matrices are multiplied: on a CPU, MLX adds up in the type of the factors,
   * and in f32 it is faster, too.
   */
  private MlxType groupsType() {
    return device == Mlx.Device.CPU ? MlxType.F32 : type();
  }

  /** Whether the device multiplies by gathered matrices of this type; a CPU does in f32 only. */
  boolean gathersPlain() {
    return device == Mlx.Device.GPU || type() == MlxType.F32;
  }

  /** Whether attention has a kernel that adds up in f32, whatever the type. */
  boolean attentionKernel() {
    return device == Mlx.Device.GPU || type() == MlxType.F32;
  }

  int firstLayer() {
    return shard.first();
  }

  /** What each of its layers caches. */
  List<KvShape> kv() {
    return IntStream.range(shard.first(), shard.last()).mapToObj(decoder::kv).toList();
  }

  /** Its weights, each in the form in which it is held. */
  Map<Weight, WeightKey> keys(Checkpoint checkpoint) throws EngineException.BadModel {
    Map<Weight, WeightKey> keys = new LinkedHashMap<>();
    for (var use : WeightUses.ofShard(decoder, shard.first(), shard.last()).entrySet()) {
      StoredForm form = form(checkpoint, use.getKey(), use.getValue());
      keys.put(use.getKey(), new WeightKey(shard.model().fingerprint(), use.getKey(), form));
    }
    return keys;
  }

  private StoredForm form(Checkpoint checkpoint, Weight weight, Set<WeightUse> uses)
      throws EngineException.BadModel {
    // What decides, or is not contracted, stays exact; it is small.
    if (uses.contains(WeightUse.ROUTER) || uses.contains(WeightUse.VECTOR)) {
      return new StoredForm.Plain(MlxType.F32);
    }
    boolean multiplied = uses.contains(WeightUse.MATRIX) || uses.contains(WeightUse.EXPERTS);
    if (multiplied || uses.contains(WeightUse.TABLE)) {
      Optional<GroupedWeight> stored =
          checkpoint
              .grouped(weight)
              .filter(w -> w.coding() != GroupCoding.AFFINE || GROUP_SIZES.contains(w.groupSize()));
      if (stored.isPresent()) {
        GroupedWeight groups = stored.get();
        return new StoredForm.Groups(
            mode(groups.coding()), groups.bits(), groups.groupSize(), groupsType(), true);
      }
    }
    long columns = weight.shape().get(weight.shape().size() - 1);
    if (multiplied && arithmetic.bits().isPresent() && columns % Arithmetic.GROUP == 0) {
      int bits = arithmetic.bits().getAsInt();
      return new StoredForm.Groups(
          Grouped.Mode.AFFINE, bits, Arithmetic.GROUP, groupsType(), false);
    }
    return new StoredForm.Plain(type());
  }

  private static Grouped.Mode mode(GroupCoding coding) {
    return switch (coding) {
      case AFFINE -> Grouped.Mode.AFFINE;
      case MXFP4 -> Grouped.Mode.MXFP4;
      case MXFP8 -> Grouped.Mode.MXFP8;
      case NVFP4 -> Grouped.Mode.NVFP4;
    };
  }
}
