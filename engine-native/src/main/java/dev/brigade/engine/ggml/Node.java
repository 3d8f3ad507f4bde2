package dev.brigade.engine.ggml;

/**
 * A tensor of a graph while it is noted: {@code [rows, width]}, row-major without gaps.
 *
 * @param tensor ggml's
 */
record Node(long tensor, int width, int rows) {}
