/**
 * MLX as an engine: recipes are recorded as MLX's lazy arrays anew for every step, and evaluated
 * once; on the GPU of a Mac, or on the CPU elsewhere.
 */
package dev.brigade.engine.mlx;
