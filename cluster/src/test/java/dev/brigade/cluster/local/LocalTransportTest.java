package dev.brigade.cluster.local;

import dev.brigade.spi.Host;
import dev.brigade.spi.transport.Transport;
import dev.brigade.testkit.TransportContract;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;

/** The network within a process keeps every rule of a real one. */
class LocalTransportTest extends TransportContract {
  private final Map<String, LocalNetwork> networks = new HashMap<>();

  @AfterEach
  void closeNetworks() {
    networks.values().forEach(LocalNetwork::close);
  }

  @Override
  protected boolean needsCandidates() {
    return false;
  }

  @Override
  protected Transport transport(Host host) {
    return networks
        .computeIfAbsent(
            host.cluster() + host.secret().map(s -> s.derive("test", 4)[0]).orElse((byte) 0),
            name -> new LocalNetwork(host.timer()))
        .transport();
  }
}
