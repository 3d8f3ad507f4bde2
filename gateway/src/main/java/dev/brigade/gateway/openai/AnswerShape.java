package dev.brigade.gateway.openai;

import dev.brigade.cluster.generation.FinishReason;
import dev.brigade.spi.partition.Plan;
import java.util.List;
import java.util.Optional;

/** How one of OpenAI's interfaces writes an answer; every result is ready to be written as JSON. */
sealed interface AnswerShape permits ChatShape, CompletionShape {

  /** What every part of an answer repeats. */
  record Head(String id, long created, String model, Optional<String> plan) {

    /** The same under another plan. */
    Head on(Plan newPlan) {
      return new Head(id, created, model, Optional.of(newPlan.id()));
    }
  }

  /** One whole answer. */
  record Text(String text, String finishReason) {}

  /** How OpenAI calls a reason to end. */
  static String name(FinishReason reason) {
    return switch (reason) {
      case STOP -> "stop";
      case LENGTH -> "length";
      case CANCELLED -> throw new IllegalArgumentException("a cancelled answer is not complete");
    };
  }

  /** What answer ids begin with. */
  String idPrefix();

  /** The part of a stream that opens an answer, if there is one. */
  Optional<Object> opening(Head head, int choice);

  /** A part of a stream with some text. */
  Object delta(Head head, int choice, String text);

  /** The last part of an answer in a stream. */
  Object closing(Head head, int choice, String finishReason);

  /** The last part of a stream whose client asked for counts. */
  Object usage(Head head, Tokens usage);

  /** The answer that is not streamed. */
  Object whole(Head head, List<Text> choices, Tokens usage);
}
