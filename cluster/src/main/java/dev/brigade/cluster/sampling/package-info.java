/** From logits to a token, as a pure function of seed, position and the ids so far. */
package dev.brigade.cluster.sampling;
