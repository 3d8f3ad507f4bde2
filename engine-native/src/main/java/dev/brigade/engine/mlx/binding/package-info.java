/**
 * MLX's C interface (mlx-c) through JNA: the only place that knows handles and addresses. What it
 * shows are arrays with owners and recordings of operations on them.
 */
package dev.brigade.engine.mlx.binding;
