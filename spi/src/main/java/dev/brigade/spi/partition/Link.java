package dev.brigade.spi.partition;

import dev.brigade.spi.transport.NodeId;
import java.time.Duration;

/**
 * A measured connection.
 *
 * @param from sender
 * @param to receiver
 * @param roundTrip of a small message
 * @param bytesPerSecond of large ones
 */
public record Link(NodeId from, NodeId to, Duration roundTrip, double bytesPerSecond) {}
