package dev.brigade.engine.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import dev.brigade.model.engine.WeightShelf;
import dev.brigade.model.weights.Checkpoint;
import dev.brigade.spi.Cancellation;
import dev.brigade.spi.Progress;
import dev.brigade.spi.engine.EngineException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** The tensors of one shard: weights borrowed from the shelf, and small constants of its own. */
final class ShardTensors implements AutoCloseable {
  private final WeightShelf<WeightKey, PtNDArray> shelf;
  private final List<WeightKey> borrowed = new ArrayList<>();
  private final List<PtNDArray> own = new ArrayList<>();
  private final List<PtNDArray> all = new ArrayList<>();
  private long weightBytes;

  private ShardTensors(WeightShelf<WeightKey, PtNDArray> shelf) {
    this.shelf = shelf;
  }

  /** Gets all operands of a script, or none. */
  static ShardTensors load(
      WeightShelf<WeightKey, PtNDArray> shelf,
      TensorLoader loader,
      PtNDManager manager,
      String fingerprint,
      List<Operand> operands,
      Checkpoint checkpoint,
      Consumer<Progress> progress,
      Cancellation cancel)
      throws EngineException {
    ShardTensors tensors = new ShardTensors(shelf);
    long total = keys(fingerprint, operands).stream().mapToLong(WeightKey::bytes).sum();
    try {
      for (Operand operand : operands) {
        if (cancel.isCancelled()) {
          throw new EngineException.Cancelled();
        }
        if (operand instanceof Operand.Loaded loaded) {
          tensors.borrow(
              new WeightKey(fingerprint, loaded),
              key -> loader.load(checkpoint, key.operand(), cancel));
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
  static List<WeightKey> keys(String fingerprint, List<Operand> operands) {
    return operands.stream()
        .filter(Operand.Loaded.class::isInstance)
        .map(operand -> new WeightKey(fingerprint, (Operand.Loaded) operand))
        .toList();
  }

  private void borrow(WeightKey key, WeightShelf.Loader<WeightKey, PtNDArray> loader)
      throws EngineException {
    all.add(shelf.borrow(key, loader));
    borrowed.add(key);
    weightBytes += key.bytes();
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
    borrowed.forEach(shelf::giveBack);
    own.clear();
    borrowed.clear();
    all.clear();
    weightBytes = 0;
  }
}
