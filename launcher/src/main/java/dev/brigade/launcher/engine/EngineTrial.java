package dev.brigade.launcher.engine;

/** What came of trying an engine on this machine. */
public sealed interface EngineTrial {
  /** Prompt and answer by which engines are compared. */
  int PROMPT = 256;

  int ANSWER = 128;

  /** Name of the engine. */
  String engine();

  /**
   * It ran.
   *
   * @param library what it runs on, as the engine tells it; blank if it does not
   * @param device what computed, as the engine's profile tells it
   * @param precision of the weights
   * @param prefill tokens of a prompt in a second
   * @param decode tokens after it in a second, one by one
   */
  record Ran(
      String engine, String library, String device, String precision, double prefill, double decode)
      implements EngineTrial {
    public Ran {
      if (!(prefill > 0) || !(decode > 0)) {
        throw new IllegalArgumentException(
            "%s ran at %s and %s tokens per second: want more than 0"
                .formatted(engine, prefill, decode));
      }
    }

    /** Whether something else than the processor computed. */
    boolean onGpu() {
      return !device.startsWith("cpu");
    }

    /** What a prompt of {@value #PROMPT} tokens and {@value #ANSWER} after it would take. */
    double seconds() {
      return PROMPT / prefill + ANSWER / decode;
    }
  }

  /**
   * It did not.
   *
   * @param reason one line
   */
  record Failed(String engine, String reason) implements EngineTrial {}
}
