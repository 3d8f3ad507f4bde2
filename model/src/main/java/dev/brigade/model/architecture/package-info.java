/**
 * The decoder architectures: one small class each that reads its config and says which operations
 * make its embedding, a layer and the head. {@code Architectures} chooses between them.
 */
package dev.brigade.model.architecture;
