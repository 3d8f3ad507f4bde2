package dev.brigade.spi.engine;

/**
 * Names a model so that every node means the same bytes.
 *
 * @param id what a person calls it: {@code org/name}, {@code bundled/pocket}, or a folder's name
 * @param fingerprint hex digest over what defines it; equal on two nodes if and only if config and
 *     weights are
 */
public record ModelRef(String id, String fingerprint) {
  public ModelRef {
    if (id.isBlank()) {
      throw new IllegalArgumentException("model id is blank");
    }
    if (!fingerprint.matches("[0-9a-f]{8,64}")) {
      throw new IllegalArgumentException("model fingerprint '" + fingerprint + "' is not hex");
    }
  }
}
