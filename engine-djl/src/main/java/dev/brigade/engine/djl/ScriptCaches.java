package dev.brigade.engine.djl;

import ai.djl.pytorch.engine.PtNDArray;
import dev.brigade.model.decoder.KvShape;
import dev.brigade.model.engine.KvMemory;
import dev.brigade.spi.engine.DType;
import dev.brigade.spi.engine.EngineException;
import dev.brigade.spi.engine.SequenceSpec;
import dev.brigade.spi.engine.Tensor;
import java.util.List;
import java.util.stream.LongStream;

/** Keys and values of a shard's sequences; they live in the shard's script, under a number each. */
final class ScriptCaches implements KvMemory<Long> {
  private final EngineContext engine;
  private final ScriptModule script;
  private final List<KvShape> shapes;
  private final DType precision;
  private long next;

  ScriptCaches(EngineContext engine, ScriptModule script, List<KvShape> shapes, DType precision) {
    this.engine = engine;
    this.script = script;
    this.shapes = List.copyOf(shapes);
    this.precision = precision;
  }

  @Override
  public long bytes(int capacity) {
    return shapes.stream().mapToLong(KvShape::elements).sum() * precision.bytes() * capacity;
  }

  @Override
  public Long allocate(SequenceSpec spec) throws EngineException {
    long id = next++;
    long[] sizes =
        shapes.stream()
            .flatMapToLong(kv -> LongStream.of(kv.heads(), kv.keyWidth(), kv.valueWidth()))
            .toArray();
    int type = TorchType.code(precision);
    script.call("open", id, spec.capacity(), sizes, type, engine.device().name());
    return id;
  }

  @Override
  public void free(Long id) {
    try {
      script.call("close", id);
    } catch (EngineException.DeviceFailure e) {
      engine.log().log(System.Logger.Level.WARNING, "freeing a KV cache: " + e.getMessage());
    }
  }

  @Override
  public void copy(Long from, Long to, int tokens) throws EngineException {
    script.call("copy", from, to, tokens);
  }

  @Override
  public void read(Long id, int layer, int from, Tensor keys, Tensor values)
      throws EngineException {
    transfer("read", id, 2 * layer, from, keys);
    transfer("read", id, 2 * layer + 1, from, values);
  }

  @Override
  public void write(Long id, int layer, int from, Tensor keys, Tensor values)
      throws EngineException {
    transfer("write", id, 2 * layer, from, keys);
    transfer("write", id, 2 * layer + 1, from, values);
  }

  private void transfer(String method, long id, int index, int from, Tensor rows)
      throws EngineException {
    long[] sizes = rows.shape().stream().mapToLong(Long::longValue).toArray();
    try (PtNDArray blob = Blob.cube(engine.mainMemory(), rows.bytes(), sizes)) {
      script.call(method, id, index, from, blob);
    }
  }
}
