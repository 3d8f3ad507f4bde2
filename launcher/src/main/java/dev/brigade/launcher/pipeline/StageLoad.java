package dev.brigade.launcher.pipeline;

import java.time.Duration;

/**
 * A stage and what loading it took.
 *
 * @param engine its engine's name
 * @param first first layer
 * @param last one past the last layer
 * @param time that loading took
 * @param bytes of its weights in the engine
 */
public record StageLoad(String engine, int first, int last, Duration time, long bytes) {}
