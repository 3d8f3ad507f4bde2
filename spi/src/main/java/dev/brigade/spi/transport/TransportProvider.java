package dev.brigade.spi.transport;

import dev.brigade.spi.Provider;

/** Makes transports. */
public interface TransportProvider<C extends Record> extends Provider<Transport, C> {}
