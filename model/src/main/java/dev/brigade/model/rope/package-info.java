/**
 * Rotary position embedding as configs describe it: each way of stretching it to longer contexts,
 * computed in f32 as Transformers does.
 */
package dev.brigade.model.rope;
