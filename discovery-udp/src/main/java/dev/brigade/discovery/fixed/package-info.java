/**
 * Candidates from a list in the config file. Host names in it are asked for again and again, and
 * all addresses of a name count, so that a DNS name can stand for a changing set of nodes.
 */
package dev.brigade.discovery.fixed;
