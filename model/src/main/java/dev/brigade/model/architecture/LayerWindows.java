package dev.brigade.model.architecture;

import dev.brigade.model.config.ModelConfig;
import dev.brigade.spi.engine.EngineException.BadModel;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalInt;

/** Which layers of a model attend to a window of the last positions only. */
final class LayerWindows {
  private final List<OptionalInt> windows;

  private LayerWindows(List<OptionalInt> windows) {
    this.windows = List.copyOf(windows);
  }

  /** The window of a layer; empty if it sees everything before it. */
  OptionalInt of(int layer) {
    return windows.get(layer);
  }

  /** As Mistral configs say it: {@code sliding_window} in all layers, if it is there. */
  static LayerWindows everywhere(ModelConfig config, int layers) throws BadModel {
    OptionalInt window =
        config.has("sliding_window")
            ? OptionalInt.of(config.positive("sliding_window"))
            : OptionalInt.empty();
    LayerWindows windows = new LayerWindows(Collections.nCopies(layers, window));
    if (config.has("layer_types")
        && !byType(config, layers, window).windows.equals(windows.windows)) {
      throw config.wrong("layer_types", "the same type for all layers, as sliding_window says");
    }
    return windows;
  }

  /**
   * By {@code layer_types}, as newer configs spell it out.
   *
   * @param sliding the window of the layers that have one
   */
  static LayerWindows byType(ModelConfig config, int layers, OptionalInt sliding) throws BadModel {
    List<String> types = config.texts("layer_types");
    if (types.size() != layers) {
      throw config.wrong("layer_types", "a list of " + layers + ", one for each layer");
    }
    List<OptionalInt> windows = new ArrayList<>();
    for (String type : types) {
      switch (type) {
        case "full_attention" -> windows.add(OptionalInt.empty());
        case "sliding_attention" -> {
          if (sliding.isEmpty()) {
            throw config.wrong("sliding_window", "a window, as layer_types has sliding_attention");
          }
          windows.add(sliding);
        }
        default -> throw config.wrong("layer_types", "full_attention or sliding_attention");
      }
    }
    return new LayerWindows(windows);
  }

  /**
   * As Qwen configs say it: by {@code layer_types}, else, if {@code use_sliding_window}, from layer
   * {@code max_window_layers} on.
   */
  static LayerWindows fromMaxWindowLayers(ModelConfig config, int layers) throws BadModel {
    boolean used = config.flag("use_sliding_window", false) && config.has("sliding_window");
    OptionalInt sliding =
        used ? OptionalInt.of(config.positive("sliding_window")) : OptionalInt.empty();
    if (config.has("layer_types")) {
      return byType(config, layers, sliding);
    }
    int first = config.count("max_window_layers", layers);
    List<OptionalInt> windows = new ArrayList<>();
    for (int layer = 0; layer < layers; layer++) {
      windows.add(layer < first ? OptionalInt.empty() : sliding);
    }
    return new LayerWindows(windows);
  }
}
