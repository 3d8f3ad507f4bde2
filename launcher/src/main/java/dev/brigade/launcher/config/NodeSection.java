package dev.brigade.launcher.config;

import java.time.Duration;
import java.util.Optional;

/**
 * Who this node is.
 *
 * @param name stable name; the machine's by default
 * @param cluster nodes of other clusters are ignored
 * @param secret shared by all nodes of the cluster
 * @param drain how long requests may go on when the node is told to stop
 */
public record NodeSection(
    Optional<String> name, String cluster, Optional<String> secret, Duration drain) {
  public NodeSection {
    if (cluster.isBlank() || name.filter(String::isBlank).isPresent()) {
      throw new IllegalArgumentException("name and cluster must not be blank");
    }
    if (secret.filter(String::isBlank).isPresent()) {
      throw new IllegalArgumentException(
          "secret is blank; leave it out, or set a long random text");
    }
    if (drain.isNegative()) {
      throw new IllegalArgumentException("drain is " + drain + ", it cannot be negative");
    }
  }

  @Override
  public String toString() {
    return "NodeSection[name="
        + name
        + ", cluster="
        + cluster
        + ", secret=hidden, drain="
        + drain
        + "]";
  }
}
