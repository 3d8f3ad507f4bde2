package dev.brigade.engine.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import dev.brigade.engine.onnx.graph.ElementType;
import dev.brigade.model.decoder.RopeSpec;
import dev.brigade.model.decoder.RopeSpec.Rotation;
import java.nio.FloatBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Cosines and sines of all positions that open sequences can have, for each rotation of a shard:
 * once for the usual sequences and once for those with long prompts.
 */
final class RotaryTables implements AutoCloseable {
  private static final int LEAST_POSITIONS = 256;

  private final List<RopeSpec> specs;
  private final Map<String, OnnxTensor> usual = new HashMap<>();
  private final Map<String, OnnxTensor> beyond = new HashMap<>();
  private NativeBlock memory = NativeBlock.allocate(0);
  private int positions;

  RotaryTables(List<RopeSpec> specs) {
    this.specs = List.copyOf(specs);
  }

  /** Memory that the tables take once they reach {@code capacity} positions. */
  long bytes(int capacity) {
    return bytesFor(Math.max(positions, roundUp(capacity)));
  }

  /** Memory that they take now. */
  long bytes() {
    return bytesFor(positions);
  }

  private long bytesFor(int count) {
    long pairs = 0;
    for (RopeSpec spec : specs) {
      pairs += (spec.beyond().isPresent() ? 2L : 1L) * spec.rotation().frequencies().size();
    }
    return 2 * pairs * count * Float.BYTES;
  }

  private static int roundUp(int capacity) {
    int power = Integer.highestOneBit(Math.max(LEAST_POSITIONS, capacity));
    return power >= capacity ? power : (int) Math.min(Integer.MAX_VALUE, 2L * power);
  }

  /** Makes sure that the tables reach that many positions. */
  void reach(int capacity) throws OrtException {
    if (capacity <= positions) {
      return;
    }
    int count = roundUp(capacity);
    clear();
    memory = NativeBlock.allocate(bytesFor(count));
    long offset = 0;
    for (int i = 0; i < specs.size(); i++) {
      RopeSpec spec = specs.get(i);
      offset = add(usual, i, spec.rotation(), count, offset);
      if (spec.beyond().isPresent()) {
        offset = add(beyond, i, spec.beyond().get().rotation(), count, offset);
      }
    }
    positions = count;
  }

  private long add(
      Map<String, OnnxTensor> tables, int number, Rotation rotation, int count, long offset)
      throws OrtException {
    int pairs = rotation.frequencies().size();
    long bytes = (long) count * pairs * Float.BYTES;
    var cosines = memory.view(offset, bytes);
    var sines = memory.view(offset + bytes, bytes);
    fill(rotation, count, cosines.asFloatBuffer(), sines.asFloatBuffer());
    List<Long> shape = List.of((long) count, (long) pairs);
    tables.put("cos" + number, Ort.tensor(cosines, ElementType.F32, shape));
    tables.put("sin" + number, Ort.tensor(sines, ElementType.F32, shape));
    return offset + 2 * bytes;
  }

  private static void fill(Rotation rotation, int count, FloatBuffer cosines, FloatBuffer sines) {
    for (int position = 0; position < count; position++) {
      for (float frequency : rotation.frequencies()) {
        // In f32, as Transformers computes the angle.
        float angle = frequency * position;
        cosines.put((float) Math.cos(angle) * rotation.magnitude());
        sines.put((float) Math.sin(angle) * rotation.magnitude());
      }
    }
  }

  /** Which of a shard's rotations a sequence uses; equal ones may run together. */
  List<Boolean> choice(int promptLength) {
    return specs.stream()
        .map(spec -> spec.beyond().filter(b -> promptLength > b.promptLength()).isPresent())
        .toList();
  }

  /** The tables of a choice, as the graph names them. */
  Map<String, OnnxTensor> tables(List<Boolean> choice) {
    Map<String, OnnxTensor> chosen = new HashMap<>();
    for (int i = 0; i < choice.size(); i++) {
      Map<String, OnnxTensor> from = choice.get(i) ? beyond : usual;
      chosen.put("cos" + i, from.get("cos" + i));
      chosen.put("sin" + i, from.get("sin" + i));
    }
    return chosen;
  }

  private void clear() {
    usual.values().forEach(OnnxTensor::close);
    beyond.values().forEach(OnnxTensor::close);
    usual.clear();
    beyond.clear();
    memory.close();
    positions = 0;
  }

  @Override
  public void close() {
    clear();
  }
}
