package dev.brigade.engine.ggml.binding;

import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Platform;
import com.sun.jna.Pointer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;

/**
 * The ggml of this process, and its devices. There is one for all engines, opened by the first and
 * never closed: two of them in one process would share state that neither expects.
 */
public final class GgmlRuntime {
  /**
   * {@code RTLD_NOW}, and {@code RTLD_LOCAL}, without which a second ggml calls the first one's.
   */
  public static final int OPEN_FLAGS = Platform.isMac() ? 2 | 4 : 2;

  private static final System.Logger LOG = System.getLogger(GgmlRuntime.class.getName());

  /** Called by native code for as long as the process lives. */
  private static final GgmlRegistry.Log NATIVE_LOG = GgmlRuntime::log;

  private static Optional<GgmlRuntime> opened = Optional.empty();

  private final LibraryFiles files;
  private final long checksum;
  private final boolean current;
  private final List<GgmlDevice> devices;

  private GgmlRuntime(LibraryFiles files, boolean current, List<GgmlDevice> devices) {
    this.files = files;
    checksum = files.checksum();
    this.current = current;
    this.devices = devices;
  }

  /**
   * The runtime; loaded by the first call.
   *
   * @throws IllegalArgumentException if the library cannot be loaded or is too old, or if another
   *     one is in use already
   */
  public static synchronized GgmlRuntime open(LibraryFiles files) {
    if (opened.isEmpty()) {
      opened = Optional.of(load(files));
    }
    GgmlRuntime runtime = opened.get();
    if (!runtime.files.equals(files) && runtime.checksum != files.checksum()) {
      throw new IllegalArgumentException(
          "library '%s': this process uses %s already, and one process can use one ggml only"
              .formatted(files.operations(), runtime.files.operations()));
    }
    return runtime;
  }

  private static GgmlRuntime load(LibraryFiles files) {
    try {
      NativeLibrary registry = library(files.registry());
      NativeLibrary operations = library(files.operations());
      Native.register(Ggml.class, operations);
      Native.register(GgmlRegistry.class, registry);
      operations.getFunction("ggml_log_set").invokeVoid(new Object[] {NATIVE_LOG, null});
      boolean current = has(operations, "ggml_set_rows", "ggml_flash_attn_ext_add_sinks");
      if (current) {
        Native.register(GgmlCurrent.class, operations);
      }
      files
          .devices()
          .ifPresent(folder -> GgmlRegistry.ggml_backend_load_all_from_path(folder.toString()));
      List<GgmlDevice> devices =
          LongStream.range(0, GgmlRegistry.ggml_backend_dev_count())
              .mapToObj(i -> new GgmlDevice(GgmlRegistry.ggml_backend_dev_get(i), current))
              .toList();
      if (devices.stream().noneMatch(GgmlDevice::isCpu)) {
        throw new IllegalArgumentException(
            "library '%s': it has no CPU device for this processor".formatted(files.registry()));
      }
      return new GgmlRuntime(files, current, devices);
    } catch (UnsatisfiedLinkError e) {
      throw new IllegalArgumentException(
          "library '%s' is no ggml that can be used (want one from March 2025 on): %s"
              .formatted(files.operations(), e.getMessage()),
          e);
    }
  }

  private static NativeLibrary library(Path file) {
    return NativeLibrary.getInstance(
        file.toString(), Map.of(Library.OPTION_OPEN_FLAGS, OPEN_FLAGS));
  }

  private static boolean has(NativeLibrary library, String... functions) {
    try {
      for (String function : functions) {
        library.getFunction(function);
      }
      return true;
    } catch (UnsatisfiedLinkError e) {
      return false;
    }
  }

  private static void log(int level, String text, Pointer user) {
    if (text != null && !text.isBlank()) {
      // 3 warns and 4 is an error; the rest is chatter.
      System.Logger.Level as =
          level == 4
              ? System.Logger.Level.WARNING
              : level == 3 ? System.Logger.Level.DEBUG : System.Logger.Level.TRACE;
      LOG.log(as, text.strip());
    }
  }

  /** Whether {@link GgmlCurrent} is there. */
  public boolean isCurrent() {
    return current;
  }

  /** The type itself if this version knows it, else the nearest that it does. */
  public GgmlType held(GgmlType type) {
    return current || type != GgmlType.MXFP4 ? type : GgmlType.Q8_0;
  }

  /** For a person to read. */
  public String version() {
    return current ? GgmlCurrent.ggml_version() : "of early 2025";
  }

  /** What computes here, in ggml's order. */
  public List<GgmlDevice> devices() {
    return devices;
  }

  /** The CPU. */
  public GgmlDevice cpu() {
    return devices.stream().filter(GgmlDevice::isCpu).findFirst().orElseThrow();
  }
}
