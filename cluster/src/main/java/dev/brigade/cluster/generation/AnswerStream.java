package dev.brigade.cluster.generation;

import dev.brigade.cluster.wire.Head;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * An answer as it comes from the tail: puts the tokens in order, tells each once, and measures.
 * Owned by the loop.
 */
final class AnswerStream {
  private final Answer answer;
  private final Telling telling;
  private final Attempts attempts;
  private final Stopwatch stopwatch;

  /** Tokens by position that have come before others that go before them. */
  private final TreeMap<Integer, Integer> early = new TreeMap<>();

  AnswerStream(Answer answer, Telling telling, Attempts attempts, Clock clock) {
    this.answer = answer;
    this.telling = telling;
    this.attempts = attempts;
    this.stopwatch = new Stopwatch(clock);
  }

  Answer answer() {
    return answer;
  }

  boolean hasToken() {
    return stopwatch.hasToken();
  }

  /** The prompt, or prompt and answer so far, is being sent. */
  void sent() {
    stopwatch.promptSent();
  }

  /** A new attempt begins: what has come too early is drawn again. */
  void restart() {
    early.clear();
  }

  /**
   * Takes a token of the present attempt.
   *
   * @param logits of the last prompt position if they were asked for
   * @return whether the answer has become longer
   */
  boolean take(Head.Sampled sampled, List<ByteBuffer> logits) {
    if (sampled.position() < answer.length()) {
      return false;
    }
    if (!stopwatch.hasToken() && sampled.position() == answer.promptLength()) {
      telling.prefilled(floats(logits));
    }
    early.put(sampled.position(), sampled.id());
    boolean longer = false;
    while (answer.finished().isEmpty() && early.containsKey(answer.length())) {
      next(early.remove(answer.length()));
      longer = true;
    }
    return longer;
  }

  private void next(int token) {
    if (attempts.isRecovering()) {
      telling.recovered(attempts.current(), stopwatch.sinceLastToken());
    }
    attempts.fruitful();
    boolean first = !stopwatch.hasToken();
    stopwatch.token();
    if (first) {
      telling.firstToken(stopwatch.untilFirstToken(), stopwatch.prefill());
    }
    telling.token(token, answer.add(token));
  }

  private static List<Float> floats(List<ByteBuffer> body) {
    List<Float> values = new ArrayList<>();
    for (ByteBuffer part : body) {
      ByteBuffer bytes = part.duplicate().order(ByteOrder.LITTLE_ENDIAN);
      while (bytes.remaining() >= Float.BYTES) {
        values.add(bytes.getFloat());
      }
    }
    return values;
  }

  Usage usage(List<StageTiming> timings) {
    return new Usage(
        answer.promptLength(),
        answer.length() - answer.promptLength(),
        stopwatch.prefill(),
        stopwatch.decode(),
        attempts.recoveries(),
        timings);
  }
}
