/**
 * What the engine on PyTorch is held against: a Llama as one would write it in TorchScript and for
 * nothing else, in the same libtorch.
 */
package dev.brigade.engine.djl.bench;
