package dev.brigade.engine.djl;

import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import dev.brigade.model.engine.HostResources;
import dev.brigade.model.weights.Checkpoint;
import dev.brigade.model.weights.Weight;
import dev.brigade.spi.Cancellation;
import dev.brigade.spi.Progress;
import dev.brigade.spi.engine.DType;
import dev.brigade.spi.engine.EngineException;
import dev.brigade.spi.engine.Precision;
import dev.brigade.spi.engine.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * TorchScript that is not the engine's, in the same PyTorch with the same settings. It declares the
 * class {@code Brigade} with an attribute {@code w : List[Tensor]} for weights and one {@code kv :
 * Dict[int, List[Tensor]]} for what it keeps, and the methods {@code bind(w, type, device)} and
 * {@code run(ids, start, out)}. Used from one thread.
 */
public final class ForeignScript implements AutoCloseable {
  private final TorchDevice device;
  private final int threads;
  private final PtNDManager mainMemory;
  private final PtNDManager manager;
  private final ScriptModule script;
  private final List<PtNDArray> weights = new ArrayList<>();
  private boolean closed;

  /**
   * Compiles a text.
   *
   * @param config of the engine
   * @throws IllegalStateException if PyTorch refuses the text
   */
  public ForeignScript(String text, DjlEngineConfig config) {
    device = TorchDevice.parse(config.device().orElse("auto"));
    threads = config.threads().orElseGet(HostResources::cores);
    mainMemory = Torch.newManager(TorchDevice.CPU.device());
    manager = Torch.newManager(device.device());
    script =
        ScriptModule.load(
            manager,
            ModuleArchive.of(
                text,
                Map.of(
                    "w", ModuleArchive.Initial.EMPTY_TENSOR_LIST,
                    "kv", ModuleArchive.Initial.EMPTY_DICT)));
  }

  /** The element type of a precision of the engine's; empty if it has none such. */
  public static Optional<DType> type(Precision precision) {
    return Optional.ofNullable(DjlEngine.TYPES.get(precision));
  }

  /** Gives weights to the script, in this order and type. */
  public void bind(
      Checkpoint checkpoint, List<Weight> wanted, DType type, Consumer<Progress> progress)
      throws EngineException {
    Torch.prepareThread(threads);
    long total = wanted.stream().mapToLong(Weight::elements).sum() * type.bytes();
    long done = 0;
    try (TensorLoader loader = new TensorLoader(mainMemory, manager, device)) {
      for (Weight weight : wanted) {
        Operand.Loaded operand = new Operand.Loaded(weight, type);
        weights.add(loader.load(checkpoint, operand, Cancellation.none()));
        done += operand.bytes();
        progress.accept(new Progress("reading weights again", done, total));
      }
    }
    script.call("bind", weights.toArray(PtNDArray[]::new), TorchType.code(type), device.name());
  }

  /**
   * Runs the script.
   *
   * @param start position of the first id
   * @param out F32 {@code [1, n]}, filled by the script
   */
  public void run(int[] ids, int start, Tensor out) throws EngineException {
    Torch.prepareThread(threads);
    Tensor given = Tensor.ofIds(ids);
    try (PtNDArray input = Blob.rows(mainMemory, given.bytes(), given.type(), 0, 0, ids.length);
        PtNDArray output = Blob.rows(mainMemory, out.bytes(), out.type(), out.size(1), 0, 1)) {
      script.call("run", input, start, output);
    }
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      script.close();
      weights.forEach(PtNDArray::close);
      manager.close();
      mainMemory.close();
    }
  }
}
