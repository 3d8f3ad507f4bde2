package dev.brigade.spi.partition;

import dev.brigade.spi.Provider;

/** Makes partition strategies. */
public interface PartitionStrategyProvider<C extends Record>
    extends Provider<PartitionStrategy, C> {}
