/**
 * What the engine on MLX is held against: a Llama recorded by hand, operation by operation, in the
 * same MLX.
 */
package dev.brigade.engine.mlx.bench;
