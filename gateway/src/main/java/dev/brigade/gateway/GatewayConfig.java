package dev.brigade.gateway;

import dev.brigade.gateway.http.HttpLimits;
import dev.brigade.gateway.http.Loopback;
import java.util.List;

/**
 * Where the gateway listens and whom it lets in.
 *
 * @param host address or name to listen on; other than loopback only with keys
 * @param port to listen on; 0 for any that is free
 * @param keys that clients must send one of; none lets in everybody on this machine
 * @param limits what a client may use up
 */
public record GatewayConfig(String host, int port, List<String> keys, HttpLimits limits) {
  /** The port that a gateway listens on unless it is told otherwise. */
  public static final int DEFAULT_PORT = 52415;

  public GatewayConfig {
    keys = List.copyOf(keys);
    if (host.isBlank()) {
      throw new IllegalArgumentException("api.host is blank; the default is 127.0.0.1");
    }
    if (port < 0 || port > 65535) {
      throw new IllegalArgumentException("api.port is " + port + ", it must be within 0..65535");
    }
    if (keys.stream().anyMatch(key -> key.isBlank() || !key.equals(key.strip()))) {
      throw new IllegalArgumentException(
          "api.keys has a key that is empty or has blanks around it");
    }
    if (keys.isEmpty() && !Loopback.is(host)) {
      throw new IllegalArgumentException(
          "api.host is "
              + host
              + ", which other machines can reach, and api.keys is empty; set a key, or listen on"
              + " 127.0.0.1");
    }
  }

  /** With the usual limits. */
  public GatewayConfig(String host, int port, List<String> keys) {
    this(host, port, keys, HttpLimits.DEFAULT);
  }
}
