package dev.brigade.gateway.openai;

import dev.brigade.cluster.generation.FinishReason;
import dev.brigade.gateway.http.ApiError;
import dev.brigade.gateway.http.SseStream;
import dev.brigade.spi.partition.Plan;
import java.util.BitSet;

/**
 * Sends an answer as it comes. The stream begins when the first choice has its place in memory, so
 * that what fails before has an HTTP status of its own.
 */
final class StreamedAnswer implements AnswerSink {
  private final SseStream stream;
  private final AnswerShape shape;
  private final boolean includeUsage;
  private final BitSet opened = new BitSet();
  private AnswerShape.Head head;

  StreamedAnswer(SseStream stream, AnswerShape shape, AnswerShape.Head head, boolean includeUsage) {
    this.stream = stream;
    this.shape = shape;
    this.head = head;
    this.includeUsage = includeUsage;
  }

  @Override
  public void planned(int choice, Plan plan) {
    head = head.on(plan);
    if (!opened.get(choice)) {
      opened.set(choice);
      shape.opening(head, choice).ifPresent(stream::data);
    }
  }

  @Override
  public void text(int choice, String text) {
    stream.data(shape.delta(head, choice, text));
  }

  @Override
  public void finished(int choice, FinishReason reason) {
    stream.data(shape.closing(head, choice, AnswerShape.name(reason)));
  }

  @Override
  public void complete(Tokens usage) {
    if (includeUsage) {
      stream.data(shape.usage(head, usage));
    }
    stream.done();
  }

  @Override
  public void failed(ApiError error) {
    stream.fail(error);
  }
}
