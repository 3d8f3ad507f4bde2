/**
 * Mutual TLS from the cluster's secret alone: every node derives the same private authority, issues
 * itself a certificate, and trusts nothing else. For any socket between nodes.
 */
package dev.brigade.transport.vertx.tls;
