package dev.brigade.engine.ggml.binding;

import com.sun.jna.Function;
import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import dev.brigade.model.engine.HostResources;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Something that computes: a processor, or what a backend of an installed library drives. */
public final class GgmlDevice {
  /** {@code GGML_BACKEND_DEVICE_TYPE_CPU}. */
  private static final int CPU = 0;

  /** {@code GGML_BACKEND_DEVICE_TYPE_GPU}. */
  private static final int GPU = 1;

  /** {@code GGML_BACKEND_DEVICE_TYPE_IGPU}; in older versions what helps a CPU. */
  private static final int INTEGRATED_GPU = 2;

  /** Names of users for what ggml names otherwise. */
  private static final Map<String, String> ALIASES = Map.of("metal", "mtl", "rocm", "hip");

  private final long handle;
  private final boolean current;
  private final List<BufferType> packedBufferTypes;
  private final Map<TensorBlock.Layout, Optional<BufferType>> packing = new ConcurrentHashMap<>();

  /**
   * @param current whether {@link GgmlCurrent} is there
   */
  GgmlDevice(long handle, boolean current) {
    this.handle = handle;
    this.current = current;
    packedBufferTypes = isCpu() ? extraBufferTypes() : List.of();
  }

  /**
   * The device that is meant.
   *
   * @param devices that there are
   * @param wanted {@code auto}, a GPU if there is one; {@code cpu}, {@code gpu}, or how a backend
   *     or a device of it is called, such as {@code cuda} or {@code vulkan1}
   * @throws IllegalArgumentException if there is none; says what there is
   */
  public static GgmlDevice choose(List<GgmlDevice> devices, String wanted) {
    String name = wanted.toLowerCase(Locale.ROOT);
    Optional<GgmlDevice> found =
        switch (name) {
          case "auto" -> devices.stream().filter(GgmlDevice::isGpu).findFirst();
          case "gpu" -> devices.stream().filter(GgmlDevice::isGpu).findFirst();
          default -> devices.stream().filter(device -> device.isCalled(name)).findFirst();
        };
    return found
        .or(
            () ->
                name.equals("auto")
                    ? devices.stream().filter(GgmlDevice::isCpu).findFirst()
                    : Optional.empty())
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    ("device '%s': this ggml has %s;"
                            + " a build of llama.cpp for another device can be named by the key"
                            + " library")
                        .formatted(wanted, devices.stream().map(GgmlDevice::name).toList())));
  }

  private boolean isCalled(String wanted) {
    String alias = ALIASES.getOrDefault(wanted, wanted);
    String backend = Ggml.ggml_backend_reg_name(registry()).toLowerCase(Locale.ROOT);
    String own = name().toLowerCase(Locale.ROOT);
    return List.of(backend, own).contains(wanted) || List.of(backend, own).contains(alias);
  }

  long handle() {
    return handle;
  }

  /** By which ggml tells it from others. */
  public String name() {
    return Ggml.ggml_backend_dev_name(handle);
  }

  /** For a person to read. */
  public String description() {
    return Ggml.ggml_backend_dev_description(handle);
  }

  public boolean isCpu() {
    return Ggml.ggml_backend_dev_type(handle) == CPU;
  }

  private boolean isGpu() {
    int type = Ggml.ggml_backend_dev_type(handle);
    return type == GPU || current && type == INTEGRATED_GPU;
  }

  /** Bytes that can still be had. */
  public long availableMemory() {
    if (isCpu()) {
      return HostResources.availableMemory();
    }
    try (Memory sizes = new Memory(2L * Long.BYTES)) {
      sizes.clear();
      long address = Pointer.nativeValue(sizes);
      Ggml.ggml_backend_dev_memory(handle, address, address + Long.BYTES);
      return sizes.getLong(0);
    }
  }

  /** Memory that every operation of the device can use. */
  BufferType bufferType() {
    return new BufferType(Ggml.ggml_backend_dev_buffer_type(handle));
  }

  /**
   * Memory in which quantised matrices are laid out anew for this processor's widest instructions;
   * only to multiply by.
   */
  List<BufferType> packedBufferTypes() {
    return packedBufferTypes;
  }

  /** Whether a matrix, or a stack of them, gains by being laid out in one of these. */
  public boolean packs(TensorBlock.Layout layout) {
    return packing(layout).isPresent();
  }

  /** Which of these it gains by; if any. */
  Optional<BufferType> packing(TensorBlock.Layout layout) {
    return packing.computeIfAbsent(layout, asked -> TensorBlock.packing(this, asked));
  }

  /** A function that it has beyond the common ones. */
  public Optional<Function> function(String name) {
    long address = Ggml.ggml_backend_reg_get_proc_address(registry(), name);
    return address == 0
        ? Optional.empty()
        : Optional.of(Function.getFunction(new Pointer(address)));
  }

  private long registry() {
    return Ggml.ggml_backend_dev_backend_reg(handle);
  }

  private List<BufferType> extraBufferTypes() {
    List<BufferType> types = new ArrayList<>();
    Optional<Function> list = function("ggml_backend_dev_get_extra_bufts");
    if (list.isPresent()) {
      Pointer array = list.get().invokePointer(new Object[] {new Pointer(handle)});
      for (int i = 0;
          array != null && array.getPointer((long) i * Native.POINTER_SIZE) != null;
          i++) {
        types.add(
            new BufferType(Pointer.nativeValue(array.getPointer((long) i * Native.POINTER_SIZE))));
      }
    }
    return List.copyOf(types);
  }
}
