package dev.brigade.launcher.config;

import java.util.Optional;

/**
 * The model that is placed at start.
 *
 * @param id {@code bundled/NAME}, a local folder, or {@code ORG/NAME} of the hub
 * @param context tokens of one sequence, prompt and answer together; by default what the model
 *     allows
 * @param dtype precision of the weights, or {@code auto}
 * @param standby how many nodes of a plan may be lost without anything to load: 0, or 1
 */
public record ModelSection(String id, Optional<Integer> context, String dtype, int standby) {
  public ModelSection {
    if (id.isBlank()) {
      throw new IllegalArgumentException("id is blank");
    }
    if (context.filter(tokens -> tokens < 1).isPresent()) {
      throw new IllegalArgumentException("context is " + context.get() + ", at least 1 is needed");
    }
    if (standby < 0 || standby > 1) {
      throw new IllegalArgumentException("standby is " + standby + ", it can be 0 or 1");
    }
  }
}
