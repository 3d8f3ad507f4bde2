package dev.brigade.launcher.bench;

/**
 * What one side took.
 *
 * @param prefill the prompt in one pass
 * @param decode token by token after it
 */
public record SideResult(Timing prefill, Timing decode) {}
