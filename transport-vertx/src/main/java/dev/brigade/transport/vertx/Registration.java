package dev.brigade.transport.vertx;

/**
 * An event bus address that a node listens on.
 *
 * @param sequence Vert.x's number of the registration within its node
 */
record Registration(String address, long sequence) {}
