/**
 * The decoder architectures, each written once against {@link dev.brigade.model.decoder.TensorOps},
 * which every engine implements over its own tensors.
 */
package dev.brigade.model.decoder;
