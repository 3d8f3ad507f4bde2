package dev.brigade.launcher.plugins;

import dev.brigade.spi.Provider;
import dev.brigade.spi.discovery.DiscoveryProvider;
import dev.brigade.spi.engine.InferenceEngineProvider;
import dev.brigade.spi.partition.PartitionStrategyProvider;
import dev.brigade.spi.transport.TransportProvider;
import java.util.Locale;

/** What a plugin can be. */
public enum PluginKind {
  ENGINE(InferenceEngineProvider.class),
  TRANSPORT(TransportProvider.class),
  DISCOVERY(DiscoveryProvider.class),
  PARTITION(PartitionStrategyProvider.class);

  @SuppressWarnings("rawtypes")
  private final Class<? extends Provider> service;

  @SuppressWarnings("rawtypes")
  PluginKind(Class<? extends Provider> service) {
    this.service = service;
  }

  @SuppressWarnings("rawtypes")
  Class<? extends Provider> service() {
    return service;
  }

  /** As a config file spells it. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
