package dev.brigade.spi.discovery;

import dev.brigade.spi.Provider;

/** Makes discoveries. */
public interface DiscoveryProvider<C extends Record> extends Provider<Discovery, C> {}
