package dev.brigade.cluster.generation;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A client's name for its request. Not unique: a client may say the same twice.
 *
 * @param value 1 to 64 letters, digits, {@code .}, {@code _} or {@code -}
 */
public record RequestId(String value) {
  private static final Pattern WELL_FORMED = Pattern.compile("[A-Za-z0-9._-]{1,64}");

  public RequestId {
    if (!WELL_FORMED.matcher(value).matches()) {
      throw new IllegalArgumentException("request id is not " + WELL_FORMED);
    }
  }

  /** What a client says, if it is well-formed. */
  public static Optional<RequestId> parse(String text) {
    return WELL_FORMED.matcher(text).matches()
        ? Optional.of(new RequestId(text))
        : Optional.empty();
  }
}
