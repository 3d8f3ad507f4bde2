package dev.brigade.cluster.generation;

/** Why an answer ended. */
public enum FinishReason {
  /** An end-of-sequence token or a stop text. */
  STOP,
  /** {@code maxTokens} were generated, or the context is full. */
  LENGTH,
  /** The client cancelled. */
  CANCELLED
}
