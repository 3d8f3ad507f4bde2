/**
 * What the engine on ggml is held against: {@code llama_decode} of the very same library, on a GGUF
 * file of the same weights.
 */
package dev.brigade.engine.ggml.bench;
