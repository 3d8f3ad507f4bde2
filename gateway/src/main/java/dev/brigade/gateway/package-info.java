/**
 * The HTTP interface of a node: starts and stops the server, wires its routes, and tells of the
 * node's own state. The APIs that clients speak are packages below this one.
 */
package dev.brigade.gateway;
