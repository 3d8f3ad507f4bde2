package dev.brigade.discovery.tailscale;

import dev.brigade.spi.Host;
import dev.brigade.spi.discovery.Discovery;
import dev.brigade.spi.discovery.DiscoveryProvider;
import java.util.Optional;

/** Makes discoveries of the type {@code tailscale}. */
public final class TailscaleDiscoveryProvider implements DiscoveryProvider<TailscaleConfig> {
  private final Installation installation;

  /** Looks for Tailscale in its usual places. */
  public TailscaleDiscoveryProvider() {
    this(Installation.usual());
  }

  TailscaleDiscoveryProvider(Installation installation) {
    this.installation = installation;
  }

  @Override
  public String name() {
    return "tailscale";
  }

  @Override
  public Class<TailscaleConfig> configType() {
    return TailscaleConfig.class;
  }

  @Override
  public Optional<String> unavailable() {
    return installation.isThere() ? Optional.empty() : Optional.of(Installation.NOT_FOUND);
  }

  @Override
  public Optional<String> unavailable(TailscaleConfig config) {
    return config.namesSource() ? Optional.empty() : unavailable();
  }

  @Override
  public Discovery create(TailscaleConfig config, Host host) {
    return new TailscaleDiscovery(config, host, installation);
  }
}
