package dev.brigade.cluster.generation;

import dev.brigade.spi.partition.Stage;
import java.time.Duration;

/**
 * What one stage did for one request.
 *
 * @param stage the stage
 * @param steps steps it ran
 * @param compute time in the engine; a pass shared with other requests counts whole
 */
public record StageTiming(Stage stage, int steps, Duration compute) {}
