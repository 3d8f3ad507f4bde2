package dev.brigade.discovery.udp;

import dev.brigade.spi.Host;
import dev.brigade.spi.discovery.Discovery;
import dev.brigade.spi.discovery.DiscoveryProvider;

/** Makes discoveries of the type {@code udp}. */
public final class UdpDiscoveryProvider implements DiscoveryProvider<UdpConfig> {

  @Override
  public String name() {
    return "udp";
  }

  @Override
  public Class<UdpConfig> configType() {
    return UdpConfig.class;
  }

  @Override
  public Discovery create(UdpConfig config, Host host) {
    return new UdpDiscovery(config, host);
  }
}
