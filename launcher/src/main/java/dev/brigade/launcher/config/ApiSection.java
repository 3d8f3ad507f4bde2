package dev.brigade.launcher.config;

import java.util.List;

/**
 * Where clients connect.
 *
 * @param host address to listen on
 * @param port 0 for any free one
 * @param keys what clients must show as a bearer token; any of them will do, none means no key is
 *     asked for
 */
public record ApiSection(String host, int port, List<String> keys) {
  public ApiSection {
    if (host.isBlank()) {
      throw new IllegalArgumentException("host is blank");
    }
    if (port < 0 || port > 65535) {
      throw new IllegalArgumentException("port is " + port + ", allowed is 0..65535");
    }
    if (keys.stream().anyMatch(String::isBlank)) {
      throw new IllegalArgumentException("keys has a blank one");
    }
  }

  @Override
  public String toString() {
    return "ApiSection[host=" + host + ", port=" + port + ", keys=" + keys.size() + " hidden]";
  }
}
