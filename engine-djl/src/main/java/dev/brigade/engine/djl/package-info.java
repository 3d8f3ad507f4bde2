/**
 * PyTorch as an engine, through DJL: a recipe becomes TorchScript text that is written here, so
 * that a shard runs in one native call per step.
 */
package dev.brigade.engine.djl;
