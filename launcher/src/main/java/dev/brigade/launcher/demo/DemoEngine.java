package dev.brigade.launcher.demo;

/**
 * An engine that the demo uses.
 *
 * @param name that selects it
 * @param takesThreads whether its config has a key {@code threads}
 */
record DemoEngine(String name, boolean takesThreads) {}
