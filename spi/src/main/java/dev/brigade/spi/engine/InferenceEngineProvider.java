package dev.brigade.spi.engine;

import dev.brigade.spi.Provider;

/** Makes engines. */
public interface InferenceEngineProvider<C extends Record> extends Provider<InferenceEngine, C> {}
