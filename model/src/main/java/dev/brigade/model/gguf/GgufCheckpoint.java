package dev.brigade.model.gguf;

import dev.brigade.model.weights.BlockType;
import dev.brigade.model.weights.BlockWeight;
import dev.brigade.model.weights.Checkpoint;
import dev.brigade.model.weights.StoredElements;
import dev.brigade.model.weights.Weight;
import dev.brigade.model.weights.WeightEvaluator;
import dev.brigade.spi.engine.DType;
import dev.brigade.spi.engine.EngineException;
import dev.brigade.spi.engine.EngineException.BadModel;
import dev.brigade.spi.engine.Tensor;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The weights of a GGUF file under their canonical names; quantised ones as the numbers meant. */
public final class GgufCheckpoint implements Checkpoint {
  private final GgufFile file;
  private final GgufNames names;
  private final WeightEvaluator evaluator;

  private GgufCheckpoint(GgufFile file, GgufNames names) {
    this.file = file;
    this.names = names;
    evaluator = new WeightEvaluator(file.path(), new Tensors());
  }

  /**
   * Opens a file.
   *
   * @throws EngineException.Unsupported if its architecture is not known
   * @throws BadModel if it is missing, truncated or inconsistent
   */
  public static GgufCheckpoint open(Path path) throws EngineException {
    GgufFile file = GgufFile.open(path);
    try {
      return new GgufCheckpoint(file, new GgufConfig(file).names());
    } catch (EngineException | RuntimeException e) {
      file.close();
      throw e;
    }
  }

  private final class Tensors implements WeightEvaluator.Tensors {
    @Override
    public boolean has(String name) {
      return file.tensors().containsKey(name);
    }

    @Override
    public StoredElements find(Weight.Named named) throws BadModel {
      GgufTensor tensor = file.tensors().get(named.name());
      if (tensor == null) {
        throw new BadModel(
            "tensor '%s' %s is missing from %s"
                .formatted(named.name(), named.shape(), file.path()));
      }
      if (!tensor.shape().equals(named.shape())) {
        throw new BadModel(
            "tensor '%s' in %s has shape %s, the config asks for %s"
                .formatted(named.name(), file.path(), tensor.shape(), named.shape()));
      }
      return tensor.stored();
    }
  }

  /** Names in the file, which are GGUF's. */
  @Override
  public Set<String> names() {
    return Collections.unmodifiableSet(file.tensors().keySet());
  }

  @Override
  public DType storedType(Weight weight) throws BadModel {
    return evaluator.storedType(names.translated(weight));
  }

  @Override
  public Tensor read(Weight weight, DType as) throws BadModel {
    return evaluator.read(names.translated(weight), as);
  }

  @Override
  public Optional<Tensor> mapped(Weight weight, DType as) throws BadModel {
    return evaluator.mapped(names.translated(weight), as);
  }

  /** Rows whose order the converter changed are in the order of the canonical weight again. */
  @Override
  public Optional<BlockWeight> blocks(Weight weight) throws BadModel {
    return evaluator.blocks(names.translated(weight));
  }

  @Override
  public Set<BlockType> blockTypes() {
    return file.tensors().values().stream()
        .flatMap(tensor -> tensor.type().quantised().stream())
        .map(GgufType.Quantised::type)
        .collect(Collectors.toUnmodifiableSet());
  }

  @Override
  public void close() {
    file.close();
  }
}
