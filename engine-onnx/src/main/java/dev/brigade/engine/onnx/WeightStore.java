package dev.brigade.engine.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import dev.brigade.model.weights.Checkpoint;
import dev.brigade.spi.Cancellation;
import dev.brigade.spi.engine.DType;
import dev.brigade.spi.engine.EngineException;
import dev.brigade.spi.engine.Tensor;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The weights that an engine holds, each once, counted by the shards that use it: f32 where it lies
 * in the model's mapped file, what is small in memory, all else in mapped files of the cache.
 * Nothing is copied on the way to ONNX Runtime. Safe for use by several threads.
 */
final class WeightStore {
  private static final long SMALL_BYTES = 64 << 10;

  private final WeightCache cache;
  private final MemoryBudget budget;
  private final Map<Key, Entry> entries = new HashMap<>();

  WeightStore(WeightCache cache, MemoryBudget budget) {
    this.cache = cache;
    this.budget = budget;
  }

  /** A weight of one model in one packing. */
  record Key(String fingerprint, Operand operand) {}

  private static final class Entry {
    private final List<OnnxTensor> tensors;
    private final Optional<NativeBlock> memory;
    private int users = 1;

    private Entry(List<OnnxTensor> tensors, Optional<NativeBlock> memory) {
      this.tensors = tensors;
      this.memory = memory;
    }

    private void close() {
      tensors.forEach(OnnxTensor::close);
      memory.ifPresent(NativeBlock::close);
    }
  }

  /** Bytes of those weights that are not here yet. */
  synchronized long missingBytes(List<Key> wanted) {
    return wanted.stream()
        .filter(key -> !entries.containsKey(key))
        .mapToLong(key -> key.operand().bytes())
        .sum();
  }

  /** The weight's tensors; {@link #giveBack} once for every call. */
  synchronized List<OnnxTensor> borrow(Key key, Checkpoint checkpoint, Cancellation cancel)
      throws EngineException {
    Entry held = entries.get(key);
    if (held != null) {
      held.users++;
      return held.tensors;
    }
    long bytes = key.operand().bytes();
    budget.reserve("a weight of shape " + key.operand().shape(), bytes);
    try {
      Entry entry = load(key, checkpoint, cancel);
      entries.put(key, entry);
      return entry.tensors;
    } catch (EngineException | RuntimeException | Error e) {
      budget.release(bytes);
      throw e;
    }
  }

  private Entry load(Key key, Checkpoint checkpoint, Cancellation cancel) throws EngineException {
    Operand operand = key.operand();
    if (!operand.packing().isQuantised()) {
      Optional<Tensor> mapped = checkpoint.mapped(operand.weight(), DType.F32);
      if (mapped.isPresent()) {
        return new Entry(tensors(operand, List.of(mapped.get().bytes())), Optional.empty());
      }
      if (operand.bytes() <= SMALL_BYTES) {
        return inMemory(operand, checkpoint);
      }
    }
    List<ByteBuffer> buffers = cache.tensors(key.fingerprint(), operand, checkpoint, cancel);
    return new Entry(tensors(operand, buffers), Optional.empty());
  }

  private static Entry inMemory(Operand operand, Checkpoint checkpoint) throws EngineException {
    Tensor read = checkpoint.read(operand.weight(), DType.F32);
    NativeBlock memory = NativeBlock.allocate(operand.bytes());
    try {
      ByteBuffer view = memory.view(0, operand.bytes());
      view.duplicate().put(read.bytes());
      return new Entry(tensors(operand, List.of(view)), Optional.of(memory));
    } catch (EngineException | RuntimeException e) {
      memory.close();
      throw e;
    }
  }

  private static List<OnnxTensor> tensors(Operand operand, List<ByteBuffer> buffers)
      throws EngineException {
    List<OnnxTensor> tensors = new ArrayList<>();
    try {
      for (int i = 0; i < buffers.size(); i++) {
        Packing.Part part = operand.parts().get(i);
        tensors.add(Ort.tensor(buffers.get(i), part.type(), part.shape()));
      }
      return List.copyOf(tensors);
    } catch (OrtException e) {
      tensors.forEach(OnnxTensor::close);
      throw Ort.failure("wrapping a weight", e);
    }
  }

  /** Frees the weight when its last user gives it back. */
  synchronized void giveBack(Key key) {
    Entry entry = entries.get(key);
    entry.users--;
    if (entry.users == 0) {
      entries.remove(key);
      entry.close();
      budget.release(key.operand().bytes());
    }
  }

  /** How many weights are held. */
  synchronized int size() {
    return entries.size();
  }
}
