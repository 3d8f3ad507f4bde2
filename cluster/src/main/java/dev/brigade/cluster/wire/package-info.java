/** What nodes tell each other about plans and requests, and how it becomes bytes. */
package dev.brigade.cluster.wire;
