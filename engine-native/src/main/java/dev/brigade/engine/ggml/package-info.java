/**
 * The decoder recipes as graphs of ggml, the library under llama.cpp: fast on the CPU, with
 * quantised weights. Only the package {@code binding} knows native functions and addresses.
 */
package dev.brigade.engine.ggml;
