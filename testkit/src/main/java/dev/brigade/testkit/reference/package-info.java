/**
 * An engine in plain Java and f32 that computes everything at once: clear rather than fast, the
 * oracle that other engines are held against.
 */
package dev.brigade.testkit.reference;
