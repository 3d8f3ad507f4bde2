/**
 * The decoder recipes as graphs of ggml, the library under llama.cpp, called through JNA: fast on
 * the CPU, with quantised weights. Only {@code Ggml…} classes know native functions.
 */
package dev.brigade.engine.ggml;
