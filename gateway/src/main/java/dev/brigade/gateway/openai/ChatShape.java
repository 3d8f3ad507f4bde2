package dev.brigade.gateway.openai;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Chat completions: {@code chat.completion} and {@code chat.completion.chunk}. */
record ChatShape() implements AnswerShape {

  // What is null below is null, or with NON_NULL absent, in JSON too.

  private record Completion(
      String id,
      String object,
      long created,
      String model,
      String systemFingerprint,
      List<Choice> choices,
      Tokens usage) {}

  private record Choice(int index, Message message, Object logprobs, String finishReason) {}

  private record Message(String role, String content, String refusal) {}

  private record Chunk(
      String id,
      String object,
      long created,
      String model,
      String systemFingerprint,
      List<ChunkChoice> choices,
      @JsonInclude(JsonInclude.Include.NON_NULL) Tokens usage) {}

  private record ChunkChoice(int index, Delta delta, Object logprobs, String finishReason) {}

  @JsonInclude(JsonInclude.Include.NON_NULL)
  private record Delta(String role, String content) {}

  @Override
  public String idPrefix() {
    return "chatcmpl-";
  }

  @Override
  public Optional<Object> opening(Head head, int choice) {
    return Optional.of(chunk(head, choice, new Delta("assistant", ""), null));
  }

  @Override
  public Object delta(Head head, int choice, String text) {
    return chunk(head, choice, new Delta(null, text), null);
  }

  @Override
  public Object closing(Head head, int choice, String finishReason) {
    return chunk(head, choice, new Delta(null, null), finishReason);
  }

  @Override
  public Object usage(Head head, Tokens usage) {
    return chunk(head, List.of(), usage);
  }

  @Override
  public Object whole(Head head, List<Text> texts, Tokens usage) {
    List<Choice> choices =
        IntStream.range(0, texts.size()).mapToObj(i -> choice(i, texts.get(i))).toList();
    return new Completion(
        head.id(),
        "chat.completion",
        head.created(),
        head.model(),
        head.plan().orElse(null),
        choices,
        usage);
  }

  private static Choice choice(int index, Text text) {
    Message message = new Message("assistant", text.text(), null);
    return new Choice(index, message, null, text.finishReason());
  }

  private static Chunk chunk(Head head, int choice, Delta delta, String finishReason) {
    return chunk(head, List.of(new ChunkChoice(choice, delta, null, finishReason)), null);
  }

  private static Chunk chunk(Head head, List<ChunkChoice> choices, Tokens usage) {
    return new Chunk(
        head.id(),
        "chat.completion.chunk",
        head.created(),
        head.model(),
        head.plan().orElse(null),
        choices,
        usage);
  }
}
