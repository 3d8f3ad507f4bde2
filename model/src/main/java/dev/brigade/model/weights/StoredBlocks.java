package dev.brigade.model.weights;

/**
 * A tensor of a file as quantised blocks.
 *
 * @param bytes the blocks, row-major
 */
public record StoredBlocks(BlockType type, TensorBytes bytes) {}
