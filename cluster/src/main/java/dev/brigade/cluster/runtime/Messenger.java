package dev.brigade.cluster.runtime;

import dev.brigade.cluster.RequestException;
import dev.brigade.cluster.wire.Codec;
import dev.brigade.cluster.wire.Head;
import dev.brigade.spi.transport.Message;
import dev.brigade.spi.transport.NodeId;
import dev.brigade.spi.transport.Transport;
import dev.brigade.spi.transport.TransportException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;

/**
 * Sends heads and bodies to nodes, this one included, and brings the answers back to the loop. Used
 * on the loop only.
 */
public final class Messenger {
  private final NodeId self;
  private final Transport transport;
  private final NodeRuntime runtime;
  private final BiFunction<NodeId, Message, CompletionStage<Message>> local;

  /**
   * @param local takes what is sent to this node itself, on the loop
   */
  public Messenger(
      NodeId self,
      Transport transport,
      NodeRuntime runtime,
      BiFunction<NodeId, Message, CompletionStage<Message>> local) {
    this.self = self;
    this.transport = transport;
    this.runtime = runtime;
    this.local = local;
  }

  /** Sends once. The answer's future completes on the loop. */
  public <A extends Head> CompletableFuture<A> send(
      NodeId to, Head head, List<ByteBuffer> body, Duration deadline, Class<A> answer) {
    CompletableFuture<A> result = new CompletableFuture<>();
    Message message = Codec.encode(head, body);
    if (to.equals(self)) {
      // Not at once: the sender finishes its own step of work first, as with any other node.
      runtime
          .loop()
          .execute(
              () ->
                  local
                      .apply(self, message)
                      .whenComplete((got, failure) -> complete(result, answer, got, failure)));
      return result;
    }
    transport
        .send(to, message, deadline)
        .whenComplete(
            (got, failure) -> runtime.loop().execute(() -> complete(result, answer, got, failure)));
    return result;
  }

  /** Sends, and sends again when no answer comes; gives up at once when the node is lost. */
  public <A extends Head> CompletableFuture<A> sendUntilAnswered(
      NodeId to, Head head, List<ByteBuffer> body, Duration deadline, int tries, Class<A> answer) {
    return send(to, head, body, deadline, answer)
        .handle(
            (got, failure) -> {
              if (failure == null) {
                return CompletableFuture.completedFuture(got);
              }
              Throwable cause = unwrap(failure);
              if (tries > 1 && cause instanceof TransportException.DeadlineExceeded) {
                return sendUntilAnswered(to, head, body, deadline, tries - 1, answer);
              }
              return CompletableFuture.<A>failedFuture(cause);
            })
        .thenCompose(stage -> stage);
  }

  private static <A extends Head> void complete(
      CompletableFuture<A> result, Class<A> answer, Message got, Throwable failure) {
    if (failure != null) {
      result.completeExceptionally(unwrap(failure));
      return;
    }
    try {
      Head head = Codec.decode(got);
      if (answer.isInstance(head)) {
        result.complete(answer.cast(head));
      } else if (head instanceof Head.Denied denied) {
        result.completeExceptionally(new RequestException(denied.kind(), denied.reason()));
      } else {
        result.completeExceptionally(
            new TransportException.Refused("answered by an unexpected '" + got.kind() + "'"));
      }
    } catch (TransportException.Refused e) {
      result.completeExceptionally(e);
    }
  }

  /** The node that could not be spoken to, if that is what a failure says. */
  public static Optional<NodeId> unreachable(Throwable failure) {
    Throwable cause = unwrap(failure);
    if (cause instanceof TransportException.NodeLost lost) {
      return Optional.of(lost.node());
    }
    return cause instanceof TransportException.DeadlineExceeded late
        ? Optional.of(late.node())
        : Optional.empty();
  }

  /** The failure itself, without what futures wrap around it. */
  public static Throwable unwrap(Throwable failure) {
    Throwable cause = failure;
    while (cause instanceof CompletionException && cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause;
  }
}
