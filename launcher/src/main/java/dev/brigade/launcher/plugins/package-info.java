/**
 * Finds plugins on the class path and in plugin folders, and makes them from their config sections.
 */
package dev.brigade.launcher.plugins;
