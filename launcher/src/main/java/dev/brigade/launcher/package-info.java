/** The {@code brigade} command: reads the config, finds plugins, puts a node together, runs it. */
package dev.brigade.launcher;
