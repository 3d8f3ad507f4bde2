package dev.brigade.discovery.fixed;

import dev.brigade.spi.Host;
import dev.brigade.spi.discovery.Discovery;
import dev.brigade.spi.discovery.DiscoveryProvider;

/** Makes discoveries of the type {@code static}. */
public final class StaticDiscoveryProvider implements DiscoveryProvider<StaticConfig> {
  private final Resolver resolver;

  /** Asks the machine for the addresses of names. */
  public StaticDiscoveryProvider() {
    this(Resolver.system());
  }

  StaticDiscoveryProvider(Resolver resolver) {
    this.resolver = resolver;
  }

  @Override
  public String name() {
    return "static";
  }

  @Override
  public Class<StaticConfig> configType() {
    return StaticConfig.class;
  }

  @Override
  public Discovery create(StaticConfig config, Host host) {
    return new StaticDiscovery(config, host, resolver);
  }
}
