package dev.brigade.launcher.config;

import dev.brigade.launcher.console.LogFormat;

/**
 * How the log is written.
 *
 * @param format lines for people, or JSON
 */
public record LogSection(LogFormat format) {}
