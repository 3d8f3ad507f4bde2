/** A node of a cluster, put together from a config: engine, transport, discoveries, HTTP. */
package dev.brigade.launcher.node;
