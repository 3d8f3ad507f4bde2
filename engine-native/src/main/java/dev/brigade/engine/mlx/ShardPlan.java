package dev.brigade.engine.mlx;

import dev.brigade.engine.mlx.binding.Mlx;
import dev.brigade.engine.mlx.binding.MlxType;
import dev.brigade.model.decoder.Decoder;
import dev.brigade.model.decoder.KvShape;
import dev.brigade.model.decoder.WeightUse;
import dev.brigade.model.decoder.WeightUses;
import dev.brigade.model.weights.Weight;
import dev.brigade.spi.engine.Shard;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * What a shard computes and in which types.
 *
 * @param type in which matrices are multiplied and keys and values are cached
 */
record ShardPlan(Shard shard, Decoder decoder, MlxType type, Mlx.Device device) {

  /** Whether the device multiplies by gathered matrices of this type; a CPU does in f32 only. */
  boolean gathersPlain() {
    return device == Mlx.Device.GPU || type == MlxType.F32;
  }

  /** Whether attention has a kernel that adds up in f32, whatever the type. */
  boolean attentionKernel() {
    return device == Mlx.Device.GPU || type == MlxType.F32;
  }

  int firstLayer() {
    return shard.first();
  }

  /** What each of its layers caches. */
  List<KvShape> kv() {
    return IntStream.range(shard.first(), shard.last()).mapToObj(decoder::kv).toList();
  }

  /** Its weights, each in the form in which it is held. */
  Map<Weight, WeightKey> keys() {
    Map<Weight, WeightKey> keys = new LinkedHashMap<>();
    WeightUses.ofShard(decoder, shard.first(), shard.last())
        .forEach(
            (weight, uses) ->
                keys.put(weight, new WeightKey(shard.model().fingerprint(), weight, form(uses))));
    return keys;
  }

  /** What decides, or is not contracted, stays exact; it is small. */
  private StoredForm form(Set<WeightUse> uses) {
    boolean exact = uses.contains(WeightUse.ROUTER) || uses.contains(WeightUse.VECTOR);
    return new StoredForm.Plain(exact ? MlxType.F32 : type);
  }
}
