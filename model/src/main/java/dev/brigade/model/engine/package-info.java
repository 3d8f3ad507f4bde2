/**
 * What engines that run recipes need alike: memory that is counted before it is taken, weights that
 * shards share, passes that are checked and cut before anything native sees them.
 */
package dev.brigade.model.engine;
