/** The shards that a node holds and the sequences that run on them, for whichever entry asks. */
package dev.brigade.cluster.stage;
