package dev.brigade.discovery.fixed;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Names that a test gives and takes away; addresses stand for themselves. */
final class NameServer implements Resolver {
  private final Map<String, List<String>> names = new ConcurrentHashMap<>();
  private final Set<Thread> askers = ConcurrentHashMap.newKeySet();

  void put(String name, String... addresses) {
    names.put(name, List.of(addresses));
  }

  void remove(String name) {
    names.remove(name);
  }

  Set<Thread> askers() {
    return askers;
  }

  @Override
  public List<InetAddress> resolve(String host) throws UnknownHostException {
    askers.add(Thread.currentThread());
    boolean address = host.matches("[0-9.]+|.*:.*");
    List<InetAddress> found = new ArrayList<>();
    for (String text : names.getOrDefault(host, address ? List.of(host) : List.of())) {
      found.add(InetAddress.getByName(text));
    }
    if (found.isEmpty()) {
      throw new UnknownHostException(host);
    }
    return found;
  }
}
