package dev.brigade.engine.ggml;

import com.sun.jna.Function;
import com.sun.jna.Library;
import com.sun.jna.Memory;
import com.sun.jna.NativeLibrary;
import dev.brigade.engine.ggml.binding.Backends;
import dev.brigade.engine.ggml.binding.GgmlRuntime;
import dev.brigade.engine.ggml.binding.GgmlType;
import dev.brigade.engine.ggml.binding.LibraryFiles;
import dev.brigade.engine.ggml.binding.LibrarySource;
import dev.brigade.model.engine.HostResources;
import dev.brigade.spi.Host;
import dev.brigade.spi.engine.EngineException.Unsupported;
import dev.brigade.spi.engine.Precision;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The llama.cpp that came with the engine's ggml, for whoever wants to call it instead of the
 * engine.
 */
public final class LlamaLibrary {
  private static final Pattern FILE =
      Pattern.compile("(lib)?llama([.-]?v?[0-9.]+)?\\.(so|dylib|dll)([.0-9]*)");

  private final GgmlRuntime runtime;
  private final NativeLibrary library;
  private final int threads;

  private LlamaLibrary(GgmlRuntime runtime, NativeLibrary library, int threads) {
    this.runtime = runtime;
    this.library = library;
    this.threads = threads;
  }

  /**
   * Opens it beside the engine.
   *
   * @param config of the engine
   * @throws Unsupported if there is only ggml
   */
  public static LlamaLibrary open(GgmlEngineConfig config, Host host) throws Unsupported {
    LibraryFiles files = LibrarySource.find(config.library(), host.cache());
    GgmlRuntime runtime = GgmlRuntime.open(files);
    NativeLibrary library =
        NativeLibrary.getInstance(
            file(files).toString(), Map.of(Library.OPTION_OPEN_FLAGS, GgmlRuntime.OPEN_FLAGS));
    try {
      library.getFunction("llama_decode");
    } catch (UnsatisfiedLinkError e) {
      throw new Unsupported(files.operations() + " has ggml, but not llama.cpp");
    }
    return new LlamaLibrary(runtime, library, config.threads().orElseGet(HostResources::cores));
  }

  private static Path file(LibraryFiles files) {
    if (files.devices().isEmpty()) {
      return files.operations();
    }
    try (Stream<Path> listed = Files.list(files.devices().get())) {
      List<Path> found =
          listed.filter(file -> FILE.matcher(file.getFileName().toString()).matches()).toList();
      return found.isEmpty() ? files.operations() : found.get(0);
    } catch (IOException e) {
      return files.operations();
    }
  }

  /** What exports {@code llama_*}. */
  public NativeLibrary library() {
    return library;
  }

  /** Threads that share the work of one operation. */
  public int threads() {
    return threads;
  }

  /** A function that the device has beyond the common ones. */
  public Optional<Function> deviceFunction(String name) {
    return runtime.cpu().function(name);
  }

  /** Fills {@code struct ggml_threadpool_params} with the usual settings. */
  public void initPoolParams(Memory params, int count) {
    Backends.initPoolParams(params, count);
  }

  /** How the engine stores matrices in a precision. */
  public static GgmlType stored(Precision precision) throws Unsupported {
    return WeightPrecision.of(precision).matrices();
  }
}
