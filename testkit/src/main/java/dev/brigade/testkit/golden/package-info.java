/**
 * Tiny models of every known architecture with what Transformers computes for them: the data by
 * which engines are checked.
 */
package dev.brigade.testkit.golden;
