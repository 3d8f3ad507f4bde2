/**
 * Models of a Hugging Face style hub: what a node needs of one is fetched into the cache that other
 * tools share, checked by its hash. Nothing fetched is ever run.
 */
package dev.brigade.model.hub;
