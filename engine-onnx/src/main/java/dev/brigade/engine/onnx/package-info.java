/**
 * ONNX Runtime as an engine: a recipe becomes an ONNX graph that is written here, so that a shard
 * runs in one native call per step.
 */
package dev.brigade.engine.onnx;
