/**
 * ggml's C interface through JNA: its functions, devices, memory and graphs. No address of native
 * memory leaves this package.
 */
package dev.brigade.engine.ggml.binding;
