/**
 * Messages over the clustered Vert.x event bus, membership by JGroups: one port per node to tell
 * others of, credits and chunked frames so that the bus stays bounded, no Java serialization.
 */
package dev.brigade.transport.vertx;
