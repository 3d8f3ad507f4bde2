/**
 * What runs layers: an engine loads a shard of a model, keeps KV caches, and turns token ids or
 * hidden states into hidden states or logits.
 */
package dev.brigade.spi.engine;
