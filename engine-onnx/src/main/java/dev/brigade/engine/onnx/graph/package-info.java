/**
 * ONNX graphs as Java values, and their protobuf encoding: the dozen messages of {@code onnx.proto}
 * that a decoder needs.
 */
package dev.brigade.engine.onnx.graph;
