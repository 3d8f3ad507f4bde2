package dev.brigade.launcher.plugins;

import java.util.Comparator;
import java.util.List;

/** Which engine to take when nobody says. */
final class EnginePreference {
  /** The most specific to a device first: what runs there at all is usually the fastest there. */
  private static final List<String> BEST_FIRST = List.of("mlx", "djl", "ggml", "onnx");

  private EnginePreference() {}

  /** Known ones in the order above, then all others by name. */
  static List<String> order(List<String> engines) {
    Comparator<String> byRank = Comparator.comparingInt(EnginePreference::rank);
    return engines.stream().distinct().sorted(byRank.thenComparing(name -> name)).toList();
  }

  private static int rank(String engine) {
    int index = BEST_FIRST.indexOf(engine);
    return index < 0 ? BEST_FIRST.size() : index;
  }
}
