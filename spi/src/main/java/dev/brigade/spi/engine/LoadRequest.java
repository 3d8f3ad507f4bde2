package dev.brigade.spi.engine;

import java.nio.file.Path;

/**
 * What to load.
 *
 * @param shard which layers
 * @param path the model's folder, or its single file
 * @param precision of the weights, one that the engine's profile lists
 */
public record LoadRequest(Shard shard, Path path, Precision precision) {}
