/**
 * Threads, time, randomness and messages, as a node sees them: injected, so that a simulator can be
 * in their place.
 */
package dev.brigade.cluster.runtime;
