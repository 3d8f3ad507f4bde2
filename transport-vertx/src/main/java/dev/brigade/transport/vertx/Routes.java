package dev.brigade.transport.vertx;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jgroups.stack.IpAddress;

/**
 * At which addresses others are found. Each node has one address by which all name it; a node that
 * listens on several may be found at others, of which one that works is used where the first does
 * not. Safe for use by any thread.
 */
final class Routes {
  private final Map<IpAddress, IpAddress> names = new ConcurrentHashMap<>();
  private final Map<IpAddress, IpAddress> ways = new ConcurrentHashMap<>();

  /** Whoever listens at {@code found} is named {@code name}. */
  void named(IpAddress found, IpAddress name) {
    names.put(found, name);
  }

  /** The name of whoever listens there, if it has told another one. */
  Optional<IpAddress> name(IpAddress found) {
    return Optional.ofNullable(names.get(found));
  }

  /** Who is named {@code name} is to be spoken to at {@code works}. */
  void lead(IpAddress name, IpAddress works) {
    if (name.equals(works)) {
      ways.remove(name);
    } else {
      ways.put(name, works);
    }
  }

  /** Where to speak to whoever has this name. */
  IpAddress to(IpAddress name) {
    return ways.getOrDefault(name, name);
  }

  /** The name of whoever is spoken to there. */
  Optional<IpAddress> spokenTo(IpAddress works) {
    return ways.entrySet().stream()
        .filter(way -> way.getValue().equals(works))
        .map(Map.Entry::getKey)
        .findFirst();
  }
}
