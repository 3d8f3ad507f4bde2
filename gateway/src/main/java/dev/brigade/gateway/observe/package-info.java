/** What a node does, for people to watch: a stream of events, and metrics for Prometheus. */
package dev.brigade.gateway.observe;
