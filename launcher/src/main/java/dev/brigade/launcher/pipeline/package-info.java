/** A whole cluster inside this process: one node for each stage, joined by a local transport. */
package dev.brigade.launcher.pipeline;
