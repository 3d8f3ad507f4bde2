package dev.brigade.discovery.fixed;

import dev.brigade.spi.discovery.DiscoveryProvider;
import dev.brigade.spi.transport.Endpoint;
import dev.brigade.testkit.DiscoveryContract;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

class StaticDiscoveryContractTest extends DiscoveryContract<StaticConfig> {
  private final NameServer names = new NameServer();

  StaticDiscoveryContractTest() {
    names.put(name(SELF), SELF.host());
  }

  @Override
  protected DiscoveryProvider<StaticConfig> provider() {
    return new StaticDiscoveryProvider(names);
  }

  @Override
  protected StaticConfig config() {
    return new StaticConfig(
        List.of(peer(SELF), peer(FIRST), peer(SECOND)), Optional.of(Duration.ofSeconds(2)));
  }

  @Override
  protected boolean hearsNodes() {
    return false;
  }

  @Override
  protected void appear(Endpoint endpoint) {
    names.put(name(endpoint), endpoint.host());
  }

  @Override
  protected void vanish(Endpoint endpoint) {
    names.remove(name(endpoint));
  }

  private static String name(Endpoint endpoint) {
    return "node-" + endpoint.port() + ".test";
  }

  private static String peer(Endpoint endpoint) {
    return name(endpoint) + ":" + endpoint.port();
  }
}
