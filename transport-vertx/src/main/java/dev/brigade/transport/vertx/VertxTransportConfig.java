package dev.brigade.transport.vertx;

import java.util.Optional;

/**
 * The {@code transport} section of the config file.
 *
 * @param host address to listen on, 127.0.0.1 by default; others than loopback need a secret; a
 *     wildcard listens on all addresses and tells others the one that leads out of this machine
 * @param port to listen on; 0 takes any free one; by default the first free one from 52416 to 52436
 * @param maxMessageMib most MiB in the body of one message, 1 to 1024, by default 64
 */
public record VertxTransportConfig(
    Optional<String> host, Optional<Integer> port, Optional<Integer> maxMessageMib) {
  static final int FIRST_PORT = 52416;
  static final int LAST_PORT = 52436;
  private static final int DEFAULT_MESSAGE_MIB = 64;

  public VertxTransportConfig {
    host.ifPresent(
        h -> {
          if (h.isBlank()) {
            throw new IllegalArgumentException("transport.host is blank; want an address");
          }
        });
    port.ifPresent(p -> inRange("port", p, 0, 65535));
    maxMessageMib.ifPresent(m -> inRange("max-message-mib", m, 1, 1024));
  }

  /** Everything as by default. */
  public static VertxTransportConfig defaults() {
    return new VertxTransportConfig(Optional.empty(), Optional.empty(), Optional.empty());
  }

  String hostOrDefault() {
    return host.orElse("127.0.0.1");
  }

  long maxMessageBytes() {
    return maxMessageMib.orElse(DEFAULT_MESSAGE_MIB) * 1024L * 1024L;
  }

  private static void inRange(String key, int value, int least, int most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          "transport." + key + " is " + value + ", not within " + least + ".." + most);
    }
  }
}
