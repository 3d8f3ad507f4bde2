package dev.brigade.gateway.openai;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Completions: {@code text_completion}, the same whole and in parts. */
record CompletionShape() implements AnswerShape {

  // What is null below is null, or with NON_NULL absent, in JSON too.

  private record Completion(
      String id,
      String object,
      long created,
      String model,
      String systemFingerprint,
      List<Choice> choices,
      @JsonInclude(JsonInclude.Include.NON_NULL) Tokens usage) {}

  private record Choice(int index, String text, Object logprobs, String finishReason) {}

  @Override
  public String idPrefix() {
    return "cmpl-";
  }

  @Override
  public Optional<Object> opening(Head head, int choice) {
    return Optional.empty();
  }

  @Override
  public Object delta(Head head, int choice, String text) {
    return completion(head, List.of(new Choice(choice, text, null, null)), null);
  }

  @Override
  public Object closing(Head head, int choice, String finishReason) {
    return completion(head, List.of(new Choice(choice, "", null, finishReason)), null);
  }

  @Override
  public Object usage(Head head, Tokens usage) {
    return completion(head, List.of(), usage);
  }

  @Override
  public Object whole(Head head, List<Text> texts, Tokens usage) {
    List<Choice> choices =
        IntStream.range(0, texts.size())
            .mapToObj(i -> new Choice(i, texts.get(i).text(), null, texts.get(i).finishReason()))
            .toList();
    return completion(head, choices, usage);
  }

  private static Completion completion(Head head, List<Choice> choices, Tokens usage) {
    return new Completion(
        head.id(),
        "text_completion",
        head.created(),
        head.model(),
        head.plan().orElse(null),
        choices,
        usage);
  }
}
