package dev.brigade.spi.partition;

import dev.brigade.spi.engine.DType;
import dev.brigade.spi.engine.Precision;
import dev.brigade.spi.transport.NodeId;

/**
 * One node's part of a plan.
 *
 * @param node who
 * @param engine its engine's name
 * @param first first layer
 * @param last one past the last layer
 * @param precision of the weights there
 * @param output element type of the hidden states that it hands on; of no meaning on the last stage
 */
public record Stage(
    NodeId node, String engine, int first, int last, Precision precision, DType output) {}
