/**
 * The node: one loop of small state machines that knows who is a member, places models, runs its
 * stages and carries its clients' requests through the pipeline. Knows no plugin by name.
 */
package dev.brigade.cluster;
