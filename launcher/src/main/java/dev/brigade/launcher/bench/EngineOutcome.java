package dev.brigade.launcher.bench;

import dev.brigade.spi.engine.MemoryUse;
import dev.brigade.spi.engine.Precision;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalDouble;

/** What came of one engine in one precision. */
public sealed interface EngineOutcome {

  /** Name of the engine. */
  String engine();

  /** Of its weights. */
  Precision precision();

  /**
   * It ran.
   *
   * @param device what computed
   * @param load from files to ready
   * @param memory held while one sequence was open
   * @param own what one sequence took
   * @param together several sequences, if that was measured
   * @param nativeShare part of the decoding that was spent within the native library, where the
   *     engine tells it
   * @param comparison the same work by hand
   */
  record Measured(
      String engine,
      Precision precision,
      String device,
      Duration load,
      MemoryUse memory,
      SideResult own,
      Optional<Together> together,
      OptionalDouble nativeShare,
      Comparison comparison)
      implements EngineOutcome {}

  /**
   * It could not.
   *
   * @param reason one line
   */
  record Failed(String engine, Precision precision, String reason) implements EngineOutcome {}

  /**
   * Several sequences in each pass.
   *
   * @param sequences how many
   * @param decode all their tokens
   * @param factor their tokens per second over those of one alone
   */
  record Together(int sequences, Timing decode, double factor) {}

  /** What the engine was held against. */
  sealed interface Comparison {}

  /**
   * The same work by hand.
   *
   * @param description what it was
   * @param hand what it took
   * @param agreement cosine of both sides' last logits
   */
  record Against(String description, SideResult hand, double agreement) implements Comparison {}

  /**
   * Nothing.
   *
   * @param reason why; empty if nobody asked
   */
  record Alone(Optional<String> reason) implements Comparison {}
}
