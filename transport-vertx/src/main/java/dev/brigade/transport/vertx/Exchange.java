package dev.brigade.transport.vertx;

import dev.brigade.spi.Timer;
import dev.brigade.spi.transport.Message;
import dev.brigade.spi.transport.TransportException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** A request that waits for its answer; ends once. */
final class Exchange {
  private final Peer peer;
  private final Message request;
  private final CompletableFuture<Message> answer = new CompletableFuture<>();
  private volatile Optional<Timer.Scheduled> deadline = Optional.empty();

  Exchange(Peer peer, Message request) {
    this.peer = peer;
    this.request = request;
  }

  Peer peer() {
    return peer;
  }

  Message request() {
    return request;
  }

  CompletableFuture<Message> answer() {
    return answer;
  }

  boolean isOver() {
    return answer.isDone();
  }

  void deadline(Timer.Scheduled scheduled) {
    deadline = Optional.of(scheduled);
    if (isOver()) {
      scheduled.cancel();
    }
  }

  void complete(Message message) {
    end();
    answer.complete(message);
  }

  void fail(TransportException failure) {
    end();
    answer.completeExceptionally(failure);
  }

  private void end() {
    deadline.ifPresent(Timer.Scheduled::cancel);
    peer.budget(request.lane()).giveBack(request.bodyBytes());
  }
}
