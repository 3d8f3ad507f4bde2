/** A network within one process: for pipelines that need no other. */
package dev.brigade.cluster.local;
