/**
 * GGUF, the file format of ggml and llama.cpp: one file with a model's config, weights and names,
 * whose peculiarities end here.
 */
package dev.brigade.model.gguf;
