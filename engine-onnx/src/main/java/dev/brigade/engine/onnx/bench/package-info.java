/**
 * What the engine on ONNX Runtime is held against: the same graph run by a few lines that know this
 * one sequence and nothing else.
 */
package dev.brigade.engine.onnx.bench;
