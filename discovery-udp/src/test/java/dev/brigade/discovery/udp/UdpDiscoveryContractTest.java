package dev.brigade.discovery.udp;

import dev.brigade.spi.discovery.DiscoveryProvider;
import dev.brigade.testkit.DiscoveryContract;

class UdpDiscoveryContractTest extends DiscoveryContract<UdpConfig> {
  private final UdpConfig config = TestPort.config();

  @Override
  protected DiscoveryProvider<UdpConfig> provider() {
    return new UdpDiscoveryProvider();
  }

  @Override
  protected UdpConfig config() {
    return config;
  }
}
