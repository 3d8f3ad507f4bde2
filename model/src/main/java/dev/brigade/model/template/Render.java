package dev.brigade.model.template;

import dev.brigade.model.template.TemplateException.Kind;
import java.time.LocalDateTime;

/** One rendering of a template: its time, and what work it may still do. Used by one thread. */
final class Render {
  private static final long BASE_ALLOWANCE = 100_000_000;
  private static final long ALLOWANCE_PER_INPUT_CHARACTER = 100;
  private static final int STEP = 16;
  private static final int ELEMENT = 8;
  private static final int MAX_DEPTH = 200;

  private final LocalDateTime now;
  private final long allowance;
  private long spent;
  private int depth;

  /**
   * @param now what {@code strftime_now} formats
   * @param inputSize the size of the conversation in characters; long ones may cost more work
   */
  Render(LocalDateTime now, long inputSize) {
    this.now = now;
    this.allowance = BASE_ALLOWANCE + ALLOWANCE_PER_INPUT_CHARACTER * inputSize;
  }

  LocalDateTime now() {
    return now;
  }

  /** Counts one statement, iteration, call or operation. */
  void spendStep() {
    spend(STEP);
  }

  /** Counts characters read or made; to be called before they are made. */
  void spendText(long characters) {
    spend(characters);
  }

  /** Counts list elements visited or copied. */
  void spendElements(long elements) {
    spend(elements * ELEMENT);
  }

  private void spend(long units) {
    spent += units;
    if (spent > allowance || units < 0) {
      throw new TemplateException(
          Kind.LIMIT, "the template does more work, or makes more text, than a chat needs");
    }
  }

  /** Enters a macro, caller or recursive loop; every call needs its {@link #leave}. */
  void enter() {
    if (++depth > MAX_DEPTH) {
      throw new TemplateException(Kind.LIMIT, "calls nest deeper than " + MAX_DEPTH);
    }
  }

  void leave() {
    depth--;
  }
}
