package dev.brigade.launcher.config;

import java.util.Optional;

/**
 * The model that is placed at start.
 *
 * @param id {@code bundled/NAME}, a local folder, or {@code ORG/NAME} of the hub
 * @param context tokens of one sequence, prompt and answer together; by default what the model
 *     allows
 * @param dtype precision of the weights, or {@code auto}
 */
public record ModelSection(String id, Optional<Integer> context, String dtype) {
  public ModelSection {
    if (id.isBlank()) {
      throw new IllegalArgumentException("id is blank");
    }
    if (context.filter(tokens -> tokens < 1).isPresent()) {
      throw new IllegalArgumentException("context is " + context.get() + ", at least 1 is needed");
    }
  }
}
