package dev.brigade.spi.transport;

/** Messages of one lane between two nodes arrive in order; lanes do not wait for each other. */
public enum Lane {
  /** Opening, closing, planning: small and rare. */
  CONTROL,
  /** One step of decoding: small and urgent. */
  DECODE,
  /** Prompts' activations and KV caches: megabytes. */
  BULK
}
