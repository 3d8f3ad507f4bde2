package dev.brigade.testkit.engine;

import dev.brigade.spi.engine.EngineException;
import dev.brigade.spi.engine.KvSource;
import dev.brigade.spi.engine.Sequence;
import dev.brigade.spi.engine.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.Map;

/** An exported KV cache, all layers of a model, kept to be imported elsewhere. */
public final class KvRecording implements KvSource {
  private final int from;
  private final int to;
  private final Map<Integer, Tensor> keys = new HashMap<>();
  private final Map<Integer, Tensor> values = new HashMap<>();

  private KvRecording(int from, int to) {
    this.from = from;
    this.to = to;
  }

  /** Exports the tokens from {@code from} up to {@code to} from each of a chain's shards. */
  public static KvRecording of(ChainSequence sequence, int from, int to) throws EngineException {
    KvRecording recording = new KvRecording(from, to);
    for (Sequence stage : sequence.stages()) {
      stage.exportKv(
          from,
          to,
          (layer, keys, values) -> {
            recording.keys.put(layer, copy(keys));
            recording.values.put(layer, copy(values));
          });
    }
    return recording;
  }

  /** Appends it to a sequence, on each of its shards. */
  public void importInto(ChainSequence sequence) throws EngineException {
    for (Sequence stage : sequence.stages()) {
      stage.importKv(this);
    }
  }

  @Override
  public int from() {
    return from;
  }

  @Override
  public int to() {
    return to;
  }

  @Override
  public Tensor keys(int layer) {
    return keys.get(layer);
  }

  @Override
  public Tensor values(int layer) {
    return values.get(layer);
  }

  /** Exported tensors are valid during the call only. */
  private static Tensor copy(Tensor tensor) {
    ByteBuffer source = tensor.bytes();
    ByteBuffer copy = ByteBuffer.allocateDirect(source.remaining()).order(ByteOrder.LITTLE_ENDIAN);
    copy.put(source).flip();
    return new Tensor(tensor.type(), tensor.shape(), copy);
  }
}
