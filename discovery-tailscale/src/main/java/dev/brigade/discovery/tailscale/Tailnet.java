package dev.brigade.discovery.tailscale;

import java.net.InetAddress;
import java.util.List;
import java.util.Set;

/**
 * What a source knows.
 *
 * @param own addresses of this machine; empty if the source does not know which one this is
 * @param devices the others, or all of them if {@code own} is empty
 */
record Tailnet(Set<InetAddress> own, List<Device> devices) {
  static final Tailnet EMPTY = new Tailnet(Set.of(), List.of());

  Tailnet {
    own = Set.copyOf(own);
    devices = List.copyOf(devices);
  }
}
