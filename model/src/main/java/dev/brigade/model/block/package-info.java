/**
 * The parts that decoder architectures share: projections, norms, attention with grouped queries,
 * gated feed-forward, the embedding and the head.
 */
package dev.brigade.model.block;
