package dev.brigade.gateway.openai;

import dev.brigade.cluster.generation.FinishReason;
import dev.brigade.gateway.http.ApiError;
import dev.brigade.gateway.http.Exchange;
import dev.brigade.spi.partition.Plan;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Collects an answer and sends it when it is complete. */
final class WholeAnswer implements AnswerSink {
  private final Exchange exchange;
  private final AnswerShape shape;
  private final List<StringBuilder> texts;
  private final String[] reasons;
  private AnswerShape.Head head;

  WholeAnswer(Exchange exchange, AnswerShape shape, AnswerShape.Head head, int choices) {
    this.exchange = exchange;
    this.shape = shape;
    this.head = head;
    this.reasons = new String[choices];
    this.texts = new ArrayList<>();
    IntStream.range(0, choices).forEach(i -> texts.add(new StringBuilder()));
  }

  @Override
  public void planned(int choice, Plan plan) {
    head = head.on(plan);
  }

  @Override
  public void text(int choice, String text) {
    texts.get(choice).append(text);
  }

  @Override
  public void finished(int choice, FinishReason reason) {
    reasons[choice] = AnswerShape.name(reason);
  }

  @Override
  public void complete(Tokens usage) {
    List<AnswerShape.Text> choices =
        IntStream.range(0, texts.size())
            .mapToObj(i -> new AnswerShape.Text(texts.get(i).toString(), reasons[i]))
            .toList();
    exchange.json(200, shape.whole(head, choices, usage));
  }

  @Override
  public void failed(ApiError error) {
    exchange.fail(error);
  }
}
