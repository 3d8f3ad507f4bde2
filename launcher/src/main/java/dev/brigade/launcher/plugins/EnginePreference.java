package dev.brigade.launcher.plugins;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Which engine to take when nobody says.
 *
 * @param bestFirst names of engines; all others come after them, by name
 */
record EnginePreference(List<String> bestFirst) {
  /** MLX was made for Apple's chips, and knows no other GPU. */
  private static final EnginePreference APPLE_SILICON =
      new EnginePreference(List.of("mlx", "ggml", "djl", "onnx"));

  /** On a GPU PyTorch is what everything is tuned for. */
  private static final EnginePreference NVIDIA =
      new EnginePreference(List.of("djl", "ggml", "onnx", "mlx"));

  /** On a CPU, ggml decodes several times as fast as PyTorch; ONNX Runtime is between the two. */
  private static final EnginePreference CPU =
      new EnginePreference(List.of("ggml", "onnx", "djl", "mlx"));

  EnginePreference {
    bestFirst = List.copyOf(bestFirst);
  }

  /** For this machine. */
  static EnginePreference here() {
    boolean nvidia =
        Stream.of("/dev/nvidia0", "/dev/dxg", "C:/Windows/System32/nvcuda.dll")
            .anyMatch(path -> Files.exists(Path.of(path)));
    return of(System.getProperty("os.name"), System.getProperty("os.arch"), nvidia);
  }

  /**
   * @param nvidia whether the driver of an NVIDIA GPU is there
   */
  static EnginePreference of(String osName, String osArch, boolean nvidia) {
    boolean apple = osName.toLowerCase(Locale.ROOT).startsWith("mac") && osArch.equals("aarch64");
    return apple ? APPLE_SILICON : nvidia ? NVIDIA : CPU;
  }

  /** The best first. */
  List<String> order(List<String> engines) {
    Comparator<String> byRank = Comparator.comparingInt(this::rank);
    return engines.stream().distinct().sorted(byRank.thenComparing(name -> name)).toList();
  }

  private int rank(String engine) {
    int index = bestFirst.indexOf(engine);
    return index < 0 ? bestFirst.size() : index;
  }
}
