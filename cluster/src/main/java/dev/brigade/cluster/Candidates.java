package dev.brigade.cluster;

import dev.brigade.spi.discovery.Announcement;
import dev.brigade.spi.discovery.Discovery;
import dev.brigade.spi.transport.Endpoint;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/** What all discoveries together have found. Safe for use by several threads. */
final class Candidates implements AutoCloseable {
  private final List<Discovery> discoveries;
  private final Map<Integer, Set<Endpoint>> found = new ConcurrentHashMap<>();

  Candidates(List<Discovery> discoveries) {
    this.discoveries = discoveries;
  }

  void start(Announcement self) {
    for (int i = 0; i < discoveries.size(); i++) {
      int number = i;
      discoveries.get(i).start(self, endpoints -> found.put(number, Set.copyOf(endpoints)));
    }
  }

  Set<Endpoint> now() {
    return found.values().stream().flatMap(Set::stream).collect(Collectors.toUnmodifiableSet());
  }

  @Override
  public void close() {
    discoveries.forEach(Discovery::close);
  }
}
