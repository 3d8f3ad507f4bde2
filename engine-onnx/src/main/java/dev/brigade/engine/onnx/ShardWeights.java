package dev.brigade.engine.onnx;

import ai.onnxruntime.OnnxTensor;
import dev.brigade.model.engine.WeightShelf;
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
  private final WeightShelf<WeightTensors.Key, WeightTensors> shelf;
  private final List<WeightTensors.Key> borrowed = new ArrayList<>();
  private final Map<String, OnnxTensor> tensors = new LinkedHashMap<>();
  private long bytes;

  private ShardWeights(WeightShelf<WeightTensors.Key, WeightTensors> shelf) {
    this.shelf = shelf;
  }

  /** Borrows all weights of a graph; gives them back on failure. */
  static ShardWeights load(
      WeightShelf<WeightTensors.Key, WeightTensors> shelf,
      WeightShelf.Loader<WeightTensors.Key, WeightTensors> loader,
      String fingerprint,
      ShardGraph graph,
      Consumer<Progress> progress,
      Cancellation cancel)
      throws EngineException {
    ShardWeights weights = new ShardWeights(shelf);
    long total = graph.operands().keySet().stream().mapToLong(Operand::bytes).sum();
    try {
      for (Map.Entry<Operand, List<String>> operand : graph.operands().entrySet()) {
        if (cancel.isCancelled()) {
          throw new EngineException.Cancelled();
        }
        WeightTensors.Key key = new WeightTensors.Key(fingerprint, operand.getKey());
        weights.borrow(key, operand.getValue(), loader);
        progress.accept(new Progress("reading weights", weights.bytes, total));
      }
      return weights;
    } catch (EngineException | RuntimeException | Error e) {
      weights.close();
      throw e;
    }
  }

  private void borrow(
      WeightTensors.Key key,
      List<String> names,
      WeightShelf.Loader<WeightTensors.Key, WeightTensors> loader)
      throws EngineException {
    List<OnnxTensor> parts = shelf.borrow(key, loader).tensors();
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
    borrowed.forEach(shelf::giveBack);
    borrowed.clear();
    tensors.clear();
    bytes = 0;
  }
}
