package dev.brigade.discovery.tailscale;

import java.net.InetAddress;
import java.util.List;
import java.util.Set;

/**
 * A machine of the tailnet.
 *
 * @param name for people
 * @param addresses its Tailscale addresses in the order they should be tried
 * @param online whether the control plane is in touch with it
 * @param tags such as {@code tag:brigade}; empty for a person's machine
 */
record Device(String name, List<InetAddress> addresses, boolean online, Set<String> tags) {
  Device {
    addresses = List.copyOf(addresses);
    tags = Set.copyOf(tags);
  }

  /** Whether it has one of {@code wanted}; any machine will do if nothing is wanted. */
  boolean hasOneOf(Set<String> wanted) {
    return wanted.isEmpty() || tags.stream().anyMatch(wanted::contains);
  }
}
