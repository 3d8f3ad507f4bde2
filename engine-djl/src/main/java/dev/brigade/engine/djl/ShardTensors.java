package dev.brigade.engine.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import dev.brigade.model.weights.Checkpoint;
import dev.brigade.spi.Cancellation;
import dev.brigade.spi.Progress;
import dev.brigade.spi.engine.EngineException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** The tensors of one shard: weights borrowed from the store, and small constants of its own. */
final class ShardTensors implements AutoCloseable {
  private final WeightStore store;
  private final List<WeightStore.Key> borrowed = new ArrayList<>();
  private final List<PtNDArray> own = new ArrayList<>();
  private final List<PtNDArray> all = new ArrayList<>();
  private long weightBytes;

  private ShardTensors(WeightStore store) {
    this.store = store;
  }

  /** Gets all operands of a script, or none. */
  static ShardTensors load(
      WeightStore store,
      PtNDManager manager,
      String fingerprint,
      List<Operand> operands,
      Checkpoint checkpoint,
      Consumer<Progress> progress,
      Cancellation cancel)
      throws EngineException {
    ShardTensors tensors = new ShardTensors(store);
    long total = keys(fingerprint, operands).stream().mapToLong(k -> k.operand().bytes()).sum();
    try {
      for (Operand operand : operands) {
        if (cancel.isCancelled()) {
          throw new EngineException.Cancelled();
        }
        if (operand instanceof Operand.Loaded loaded) {
          tensors.borrow(new WeightStore.Key(fingerprint, loaded), checkpoint, cancel);
          progress.accept(new Progress("reading weights", tensors.weightBytes, total));
        } else {
          tensors.make(manager, operand);
        }
      }
      return tensors;
    } catch (EngineException | RuntimeException e) {
      tensors.close();
      throw e;
    }
  }

  /** The weights among a script's operands. */
  static List<WeightStore.Key> keys(String fingerprint, List<Operand> operands) {
    return operands.stream()
        .filter(Operand.Loaded.class::isInstance)
        .map(operand -> new WeightStore.Key(fingerprint, (Operand.Loaded) operand))
        .toList();
  }

  private void borrow(WeightStore.Key key, Checkpoint checkpoint, Cancellation cancel)
      throws EngineException {
    all.add(store.borrow(key, checkpoint, cancel));
    borrowed.add(key);
    weightBytes += key.operand().bytes();
  }

  private void make(PtNDManager manager, Operand operand) {
    NDArray made;
    if (operand instanceof Operand.Floats floats) {
      float[] values = new float[floats.values().size()];
      for (int i = 0; i < values.length; i++) {
        values[i] = floats.values().get(i);
      }
      made = manager.create(values, new Shape(values.length));
    } else {
      List<Long> columns = ((Operand.Columns) operand).values();
      made = manager.create(columns.stream().mapToLong(Long::longValue).toArray());
    }
    own.add((PtNDArray) made);
    all.add((PtNDArray) made);
  }

  /** In the order of the script's operands. */
  PtNDArray[] inOrder() {
    return all.toArray(PtNDArray[]::new);
  }

  /** Memory of the weights, borrowed ones in full; nothing once closed. */
  long weightBytes() {
    return weightBytes;
  }

  /** Gives back what was borrowed and frees the rest; idempotent. */
  @Override
  public void close() {
    own.forEach(PtNDArray::close);
    borrowed.forEach(store::giveBack);
    own.clear();
    borrowed.clear();
    all.clear();
    weightBytes = 0;
  }
}
