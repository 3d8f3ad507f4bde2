/**
 * What benchmarks are made of: models with random weights, and the same work done by hand in an
 * engine's native library, which the engine is held against.
 */
package dev.brigade.model.bench;
