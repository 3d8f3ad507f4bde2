/**
 * One request, from the side of the node that holds the client's connection: its tokens, its stop
 * conditions, and its way back after a stage is lost.
 */
package dev.brigade.cluster.generation;
