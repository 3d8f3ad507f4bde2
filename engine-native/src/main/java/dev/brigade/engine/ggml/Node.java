package dev.brigade.engine.ggml;

import dev.brigade.engine.ggml.binding.GgmlTensor;

/**
 * A tensor of a graph while it is noted: {@code [rows, width]}, row-major without gaps.
 *
 * @param tensor ggml's
 */
record Node(GgmlTensor tensor, int width, int rows) {}
