package dev.brigade.engine.ggml.binding;

/**
 * A kind of memory, as a device has one or several of.
 *
 * @param handle ggml's
 */
record BufferType(long handle) {}
