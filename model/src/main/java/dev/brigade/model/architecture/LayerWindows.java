package dev.brigade.model.architecture;

import dev.brigade.model.config.ModelConfig;
import dev.brigade.spi.engine.EngineException.BadModel;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.IntPredicate;

/** Which layers of a model attend to a window of the last positions only. */
final class LayerWindows {
  private static final String SLIDING = "sliding_attention";
  private static final String FULL = "full_attention";

  private final List<OptionalInt> windows;

  private LayerWindows(List<OptionalInt> windows) {
    this.windows = List.copyOf(windows);
  }

  /** The window of a layer; empty if it sees everything before it. */
  OptionalInt of(int layer) {
    return windows.get(layer);
  }

  /** {@code sliding_window}; empty if it is absent. */
  static OptionalInt window(ModelConfig config) throws BadModel {
    return config.has("sliding_window")
        ? OptionalInt.of(config.positive("sliding_window"))
        : OptionalInt.empty();
  }

  /** A window in all layers, or in none. */
  static LayerWindows everywhere(ModelConfig config, int layers, OptionalInt window)
      throws BadModel {
    for (String type : config.texts("layer_types")) {
      if (!type.equals(window.isPresent() ? SLIDING : FULL)) {
        throw config.wrong("layer_types", "the same for all layers, as sliding_window says");
      }
    }
    return new LayerWindows(Collections.nCopies(layers, window));
  }

  /**
   * A window in some layers: those that {@code layer_types} calls sliding, or, in older configs,
   * those that a rule of the architecture chooses.
   *
   * @param window of the layers that have one
   * @param slides the rule
   */
  static LayerWindows some(ModelConfig config, int layers, OptionalInt window, IntPredicate slides)
      throws BadModel {
    List<String> types = config.texts("layer_types");
    if (!types.isEmpty() && types.size() < layers) {
      throw config.wrong("layer_types", "a list of " + layers + ", one for each layer");
    }
    List<OptionalInt> windows = new ArrayList<>();
    for (int layer = 0; layer < layers; layer++) {
      if (!types.isEmpty() && !List.of(SLIDING, FULL).contains(types.get(layer))) {
        throw config.wrong("layer_types", FULL + " or " + SLIDING);
      }
      boolean sliding = types.isEmpty() ? slides.test(layer) : types.get(layer).equals(SLIDING);
      if (sliding && window.isEmpty()) {
        throw config.wrong("sliding_window", "a window, as layer " + layer + " has one");
      }
      windows.add(sliding ? window : OptionalInt.empty());
    }
    return new LayerWindows(windows);
  }

  /** As Qwen configs say it: if {@code use_sliding_window}, from {@code max_window_layers} on. */
  static LayerWindows fromMaxWindowLayers(ModelConfig config, int layers) throws BadModel {
    OptionalInt window =
        config.flag("use_sliding_window", false) ? window(config) : OptionalInt.empty();
    int first = config.count("max_window_layers", layers);
    return some(config, layers, window, layer -> window.isPresent() && layer >= first);
  }
}
