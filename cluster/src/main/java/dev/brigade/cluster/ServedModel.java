package dev.brigade.cluster;

import dev.brigade.spi.engine.ModelRef;

/** placeholder until model files land */
public record ServedModel(ModelRef ref) {}
