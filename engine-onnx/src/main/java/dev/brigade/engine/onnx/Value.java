package dev.brigade.engine.onnx;

import dev.brigade.model.decoder.RopeSpec;
import java.util.Optional;

/**
 * A tensor of the graph to come.
 *
 * @param name in the graph
 * @param width columns; 0 for the ids that enter, which have none
 * @param rotation by which it is still to be rotated: attention can do that itself
 */
record Value(String name, int width, Optional<RopeSpec> rotation) {
  Value(String name, int width) {
    this(name, width, Optional.empty());
  }

  Value toBeRotated(RopeSpec spec) {
    return new Value(name, width, Optional.of(spec));
  }
}
