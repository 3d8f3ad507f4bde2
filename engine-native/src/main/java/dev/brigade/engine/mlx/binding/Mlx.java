package dev.brigade.engine.mlx.binding;

import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import dev.brigade.spi.engine.EngineException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * MLX in this process: loaded once, from one file, and never unloaded. Arrays and recordings are
 * used on its thread only; {@link #call} gets there. Devices, memory limits and the thread are
 * shared by all engines of the process.
 */
public final class Mlx {
  private static Optional<Mlx> loaded = Optional.empty();

  private final Path file;
  private final Words words = new Words();
  private final MlxThread thread = new MlxThread();
  private final MlxMemory memory = new MlxMemory(this);
  private final Scratch scratch = new Scratch();
  private final MlxVersion version;
  private final boolean gpu;
  private final long[] streams = new long[Device.values().length];
  // Only MLX's thread uses it.
  private ByteBuffer handles = handles(64);

  /** Where to compute. */
  public enum Device {
    CPU,
    GPU
  }

  private Mlx(Path file, NativeLibrary library) {
    this.file = file;
    try {
      MlxC.bind(library);
    } catch (UnsatisfiedLinkError e) {
      throw new IllegalArgumentException(
          "%s is no MLX that can be used here, it lacks a function: %s; brew upgrade mlx-c"
              .formatted(file, e.getMessage()),
          e);
    }
    // Before anything can fail: the handler that mlx-c has at first ends the process.
    MlxC.mlx_set_error_handler(Errors.INSTANCE, 0, 0);
    version = ask(this::readVersion);
    version.require(file);
    gpu = ask(() -> deviceCount(Device.GPU) > 0);
  }

  /**
   * Loads a library, or gives the one that is loaded.
   *
   * @throws IllegalArgumentException if it cannot be loaded, is of a version that is not known, or
   *     another one was loaded before; says what to do
   */
  public static synchronized Mlx load(Path file) {
    if (loaded.isPresent() && !loaded.get().file.equals(file)) {
      throw new IllegalArgumentException(
          "MLX was loaded from %s in this process; %s would be a second one, which is not possible"
              .formatted(loaded.get().file, file));
    }
    if (loaded.isEmpty()) {
      loaded = Optional.of(new Mlx(file, MlxLibrary.open(file)));
    }
    return loaded.get();
  }

  /** Something to do on MLX's thread. */
  @FunctionalInterface
  public interface Work<R> {
    R run() throws EngineException;
  }

  /**
   * Does something on MLX's thread and waits for it.
   *
   * @throws EngineException.DeviceFailure if MLX fails, or whatever the work throws
   */
  public <R> R call(Work<R> work) throws EngineException {
    return thread.call(work);
  }

  /** The same for what throws nothing but {@link MlxException}. */
  <R> R ask(Work<R> work) {
    try {
      return thread.call(work);
    } catch (EngineException e) {
      throw new IllegalStateException(e.getMessage(), e);
    }
  }

  /** MLX's version. */
  public MlxVersion version() {
    return version;
  }

  /** The library's file. */
  public Path file() {
    return file;
  }

  /** Whether there is a GPU that this build of MLX can use. */
  public boolean hasGpu() {
    return gpu;
  }

  /** What is held and may be held. */
  public MlxMemory memory() {
    return memory;
  }

  Words words() {
    return words;
  }

  /** Begins to record operations for a device; on MLX's thread. */
  public Recording record(Device device) {
    int index = device.ordinal();
    if (streams[index] == 0) {
      streams[index] = newStream(device);
    }
    return new Recording(this, scratch, streams[index]);
  }

  private static long newStream(Device device) {
    long handle = MlxC.mlx_device_new_type(device.ordinal(), 0);
    try {
      // Evaluating asks for the default device's stream, whatever streams the operations have.
      Errors.INSTANCE.check(MlxC.mlx_set_default_device(handle));
      long stream = MlxC.mlx_stream_new_device(handle);
      if (stream == 0) {
        throw Errors.INSTANCE.taken();
      }
      return stream;
    } finally {
      MlxC.mlx_device_free(handle);
    }
  }

  /** Computes arrays and all that they are made of; on MLX's thread. */
  public void evaluate(List<MlxArray> arrays) {
    if (!arrays.isEmpty()) {
      long vector = vector(arrays);
      try {
        Errors.INSTANCE.check(MlxC.mlx_eval(vector));
      } finally {
        MlxC.mlx_vector_array_free(vector);
      }
    }
  }

  /** A vector of arrays, which the caller frees. */
  long vector(List<MlxArray> arrays) {
    if (handles.capacity() < arrays.size() * Long.BYTES) {
      handles = handles(2 * arrays.size());
    }
    for (int i = 0; i < arrays.size(); i++) {
      handles.putLong(i * Long.BYTES, arrays.get(i).handle());
    }
    return MlxC.mlx_vector_array_new_data(Scratch.address(handles), arrays.size());
  }

  private static ByteBuffer handles(int count) {
    return ByteBuffer.allocateDirect(count * Long.BYTES).order(ByteOrder.nativeOrder());
  }

  private MlxVersion readVersion() {
    Errors.INSTANCE.check(MlxC.mlx_version(scratch.result()));
    long text = scratch.written();
    try {
      return MlxVersion.parse(new Pointer(MlxC.mlx_string_data(text)).getString(0));
    } finally {
      MlxC.mlx_string_free(text);
    }
  }

  private int deviceCount(Device device) {
    Errors.INSTANCE.check(MlxC.mlx_device_count(scratch.result(), device.ordinal()));
    return scratch.writtenInt();
  }

  /** What a device is called, such as {@code Apple M3 Max}; empty if it does not say. */
  public Optional<String> deviceName(Device device) {
    return ask(() -> deviceInfo(device, "device_name", this::text));
  }

  /** Bytes of memory that a GPU should not be asked to go beyond; empty if it does not say. */
  public Optional<Long> recommendedMemory(Device device) {
    return ask(() -> deviceInfo(device, "max_recommended_working_set_size", this::size));
  }

  @FunctionalInterface
  private interface InfoReader<R> {
    R read(long info, String key);
  }

  private <R> Optional<R> deviceInfo(Device device, String key, InfoReader<R> reader) {
    long handle = MlxC.mlx_device_new_type(device.ordinal(), 0);
    try {
      Errors.INSTANCE.check(MlxC.mlx_device_info_get(scratch.result(), handle));
      long info = scratch.written();
      try {
        Errors.INSTANCE.check(MlxC.mlx_device_info_has_key(scratch.result(), info, key));
        return scratch.writtenBool() ? Optional.of(reader.read(info, key)) : Optional.empty();
      } finally {
        MlxC.mlx_device_info_free(info);
      }
    } finally {
      MlxC.mlx_device_free(handle);
    }
  }

  private String text(long info, String key) {
    Errors.INSTANCE.check(MlxC.mlx_device_info_get_string(scratch.result(), info, key));
    return new Pointer(scratch.written()).getString(0);
  }

  private long size(long info, String key) {
    Errors.INSTANCE.check(MlxC.mlx_device_info_get_size(scratch.result(), info, key));
    return scratch.written();
  }
}
