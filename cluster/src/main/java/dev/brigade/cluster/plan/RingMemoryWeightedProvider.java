package dev.brigade.cluster.plan;

import dev.brigade.spi.Host;
import dev.brigade.spi.partition.PartitionStrategy;
import dev.brigade.spi.partition.PartitionStrategyProvider;

/** Offers {@link RingMemoryWeighted} under the name {@code ring-memory-weighted}. */
public final class RingMemoryWeightedProvider
    implements PartitionStrategyProvider<RingMemoryWeightedProvider.Config> {

  /** Nothing to configure. */
  public record Config() {}

  @Override
  public String name() {
    return "ring-memory-weighted";
  }

  @Override
  public Class<Config> configType() {
    return Config.class;
  }

  @Override
  public PartitionStrategy create(Config config, Host host) {
    return new RingMemoryWeighted();
  }
}
