package dev.brigade.launcher.secret;

import dev.brigade.spi.ClusterSecret;

/** Makes the cluster's secret of what a user has set: a token, or a passphrase. */
public final class SharedSecret {
  private SharedSecret() {}

  /**
   * Checks without the work of {@link #of}.
   *
   * @throws IllegalArgumentException if {@code text} is a garbled token or a passphrase too short;
   *     the message is what can be said of the place it came from
   */
  public static void check(String text) {
    if (ClusterToken.claims(text)) {
      ClusterToken.parse(text);
    } else {
      Passphrase.check(text.strip());
    }
  }

  /**
   * A token is taken as it is, a passphrase is stretched, which takes part of a second.
   *
   * @param cluster name of the cluster, which the result of a passphrase depends on
   * @throws IllegalArgumentException as {@link #check}
   */
  public static ClusterSecret of(String text, String cluster) {
    check(text);
    return ClusterSecret.of(
        ClusterToken.claims(text)
            ? ClusterToken.parse(text)
            : Passphrase.stretch(text.strip(), cluster));
  }
}
