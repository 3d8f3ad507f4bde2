package dev.brigade.engine.mlx;

import dev.brigade.engine.mlx.binding.MlxArray;
import dev.brigade.engine.mlx.binding.MlxType;
import dev.brigade.engine.mlx.binding.Recording;
import dev.brigade.model.decoder.RopeSpec;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The periods of a shard's rotations, one over their frequencies, each made once. */
final class RotationPeriods implements AutoCloseable {
  private final Map<List<Float>, MlxArray> arrays = new HashMap<>();

  /** f32 {@code [n]}; stays this object's. */
  MlxArray of(Recording g, RopeSpec.Rotation rotation) {
    return arrays.computeIfAbsent(rotation.frequencies(), list -> made(g, list));
  }

  private static MlxArray made(Recording g, List<Float> frequencies) {
    ByteBuffer periods =
        ByteBuffer.allocateDirect(frequencies.size() * Float.BYTES).order(ByteOrder.nativeOrder());
    for (float frequency : frequencies) {
      periods.putFloat(1 / frequency);
    }
    return g.keep(g.copyOf(periods.flip(), MlxType.F32, frequencies.size()));
  }

  @Override
  public void close() {
    arrays.values().forEach(MlxArray::close);
    arrays.clear();
  }
}
