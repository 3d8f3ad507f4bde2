package dev.brigade.engine.mlx;

import dev.brigade.engine.mlx.binding.Grouped;
import dev.brigade.engine.mlx.binding.Mlx;
import dev.brigade.engine.mlx.binding.MlxArray;
import dev.brigade.engine.mlx.binding.MlxLibrary;
import dev.brigade.engine.mlx.binding.MlxType;
import dev.brigade.model.weights.Checkpoint;
import dev.brigade.model.weights.Weight;
import dev.brigade.spi.Cancellation;
import dev.brigade.spi.engine.EngineException;
import dev.brigade.spi.engine.EngineException.Unsupported;
import dev.brigade.spi.engine.Precision;

/**
 * The MLX of this process with the engine's settings, and weights as the engine stores them in a
 * precision, for whoever wants to record graphs of their own.
 */
public final class MlxArrays {
  private static final long SLICE_BYTES = 256L << 20;

  private final Mlx mlx;
  private final Mlx.Device device;
  private final Arithmetic arithmetic;
  private final ArrayLoader loader;

  private MlxArrays(Mlx mlx, Mlx.Device device, Arithmetic arithmetic) {
    this.mlx = mlx;
    this.device = device;
    this.arithmetic = arithmetic;
    loader = new ArrayLoader(mlx, device, SLICE_BYTES);
  }

  /**
   * Finds MLX where the engine does.
   *
   * @throws Unsupported if the engine lacks the precision
   */
  public static MlxArrays of(MlxEngineConfig config, Precision precision) throws Unsupported {
    Mlx mlx = Mlx.load(MlxLibrary.find(config.library()).orElseThrow());
    boolean cpu = config.device().orElse("auto").equals("cpu") || !mlx.hasGpu();
    Mlx.Device device = cpu ? Mlx.Device.CPU : Mlx.Device.GPU;
    Arithmetic arithmetic =
        Arithmetic.of(precision, device)
            .orElseThrow(() -> new Unsupported("there is no " + precision));
    return new MlxArrays(mlx, device, arithmetic);
  }

  /** The library. */
  public Mlx mlx() {
    return mlx;
  }

  /** Where the engine computes. */
  public Mlx.Device device() {
    return device;
  }

  /** In which the engine computes. */
  public MlxType type() {
    return arithmetic.type();
  }

  /** Whether matrices are quantised. */
  public boolean quantizes() {
    return arithmetic.bits().isPresent();
  }

  /** A weight element by element, which the caller closes. */
  public MlxArray plain(Checkpoint checkpoint, Weight weight) throws EngineException {
    return loader.load(checkpoint, weight, arithmetic.type(), Cancellation.none());
  }

  /** A matrix to multiply rows by, {@code [in, out]}, which the caller closes. */
  public MlxArray factor(Checkpoint checkpoint, Weight matrix) throws EngineException {
    try (MlxArray plain = plain(checkpoint, matrix)) {
      return loader.transposed(plain, 1, 0);
    }
  }

  /** A quantised matrix to multiply rows by, which the caller closes. */
  public Grouped quantized(Checkpoint checkpoint, Weight matrix) throws EngineException {
    try (MlxArray plain = plain(checkpoint, matrix)) {
      return loader.quantized(plain, Arithmetic.GROUP, arithmetic.bits().orElseThrow());
    }
  }
}
