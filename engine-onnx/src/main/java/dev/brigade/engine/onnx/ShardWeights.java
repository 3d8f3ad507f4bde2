package dev.brigade.engine.onnx;

import ai.onnxruntime.OnnxTensor;
import dev.brigade.model.weights.Checkpoint;
import dev.brigade.spi.Cancellation;
import dev.brigade.spi.Progress;
import dev.brigade.spi.engine.EngineException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** The weights that one shard has borrowed. */
final class ShardWeights implements AutoCloseable {
  private final WeightStore store;
  private final List<WeightStore.Key> borrowed = new ArrayList<>();
  private final Map<String, OnnxTensor> tensors = new LinkedHashMap<>();
  private long bytes;

  private ShardWeights(WeightStore store) {
    this.store = store;
  }

  /** Borrows all weights of a graph; gives them back on failure. */
  static ShardWeights load(
      WeightStore store,
      String fingerprint,
      ShardGraph graph,
      Checkpoint checkpoint,
      Consumer<Progress> progress,
      Cancellation cancel)
      throws EngineException {
    ShardWeights weights = new ShardWeights(store);
    long total = graph.operands().keySet().stream().mapToLong(Operand::bytes).sum();
    try {
      for (Map.Entry<Operand, List<String>> operand : graph.operands().entrySet()) {
        if (cancel.isCancelled()) {
          throw new EngineException.Cancelled();
        }
        weights.borrow(
            new WeightStore.Key(fingerprint, operand.getKey()),
            operand.getValue(),
            checkpoint,
            cancel);
        progress.accept(new Progress("reading weights", weights.bytes, total));
      }
      return weights;
    } catch (EngineException | RuntimeException | Error e) {
      weights.close();
      throw e;
    }
  }

  private void borrow(
      WeightStore.Key key, List<String> names, Checkpoint checkpoint, Cancellation cancel)
      throws EngineException {
    List<OnnxTensor> parts = store.borrow(key, checkpoint, cancel);
    borrowed.add(key);
    bytes += key.operand().bytes();
    for (int i = 0; i < names.size(); i++) {
      tensors.put(names.get(i), parts.get(i));
    }
  }

  /** The tensors by their names in the graph. */
  Map<String, OnnxTensor> tensors() {
    return tensors;
  }

  /** Memory that they take; what other shards use too counts here as well. */
  long bytes() {
    return bytes;
  }

  @Override
  public void close() {
    borrowed.forEach(store::giveBack);
    borrowed.clear();
    tensors.clear();
    bytes = 0;
  }
}
