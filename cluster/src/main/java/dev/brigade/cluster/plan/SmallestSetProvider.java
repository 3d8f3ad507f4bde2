package dev.brigade.cluster.plan;

import dev.brigade.spi.Host;
import dev.brigade.spi.partition.PartitionStrategy;
import dev.brigade.spi.partition.PartitionStrategyProvider;
import java.util.Optional;

/** Offers {@link SmallestSet} under the name {@code cost}. */
public final class SmallestSetProvider
    implements PartitionStrategyProvider<SmallestSetProvider.Config> {

  /**
   * @param margin by which part of the current plan's time a new plan must be better; default 0.15
   */
  public record Config(Optional<Double> margin) {
    public Config {
      margin.ifPresent(SmallestSet::new);
    }
  }

  @Override
  public String name() {
    return "cost";
  }

  @Override
  public Class<Config> configType() {
    return Config.class;
  }

  @Override
  public PartitionStrategy create(Config config, Host host) {
    return new SmallestSet(config.margin().orElse(SmallestSet.USUAL_MARGIN));
  }
}
