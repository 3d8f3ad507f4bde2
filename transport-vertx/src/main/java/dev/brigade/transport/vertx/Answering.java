package dev.brigade.transport.vertx;

import dev.brigade.spi.transport.Lane;
import dev.brigade.spi.transport.Message;
import dev.brigade.spi.transport.NodeId;
import dev.brigade.spi.transport.Transport.Listener;
import dev.brigade.spi.transport.TransportException.Refused;
import dev.brigade.transport.vertx.Frame.Opening;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/** Has the listener answer requests, and sends what it says, or why it says nothing. */
final class Answering {
  private static final int MAX_REASON_CHARACTERS = 4096;

  private final NodeId self;
  private final long maxMessageBytes;
  private final Listener listener;
  private final System.Logger logger;

  Answering(NodeId self, long maxMessageBytes, Listener listener, System.Logger logger) {
    this.self = self;
    this.maxMessageBytes = maxMessageBytes;
    this.listener = listener;
    this.logger = logger;
  }

  /** {@code toPeer} runs a task on the loop as long as the peer is a member. */
  void answer(Peer peer, Opening request, Message message, Executor toPeer) {
    ask(peer.id(), message)
        .whenComplete(
            (answer, failure) ->
                toPeer.execute(
                    () -> {
                      if (failure != null) {
                        refuse(request, peer.link(), reason(request, failure));
                      } else if (answer == null) {
                        refuse(request, peer.link(), reason(request, noAnswer()));
                      } else if (tooLong(answer)) {
                        refuse(request, peer.link(), tooLongText("answer", answer.bodyBytes()));
                      } else {
                        send(request, peer.link(), Subject.ANSWER, answer);
                      }
                    }));
  }

  private CompletionStage<Message> ask(NodeId from, Message message) {
    try {
      CompletionStage<Message> answer = listener.received(from, message);
      return answer == null ? CompletableFuture.failedFuture(noAnswer()) : answer;
    } catch (RuntimeException | Error e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private static IllegalStateException noAnswer() {
    return new IllegalStateException("the listener gave null for an answer");
  }

  private String reason(Opening request, Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    if (cause instanceof Refused) {
      return cause.getMessage();
    }
    logger.log(
        System.Logger.Level.WARNING,
        () -> "no answer to '" + request.kind() + "' from " + request.origin().sender(),
        cause);
    return "internal error of node " + self + " on '" + request.kind() + "': " + cause;
  }

  private boolean tooLong(Message answer) {
    return answer.bodyBytes() > maxMessageBytes || answer.body().size() > FrameCodec.MAX_PARTS;
  }

  /** Answers a request that is longer than this node takes. */
  void refuseLength(Opening request, Link link) {
    refuse(request, link, tooLongText("'" + request.kind() + "'", Assembly.bodyBytes(request)));
  }

  /** For an answer that is longer than this node takes. */
  Refused tooLongAnswer(Opening answer) {
    return new Refused(tooLongText("answer", Assembly.bodyBytes(answer)));
  }

  private String tooLongText(String what, long bytes) {
    return what
        + " has "
        + bytes
        + " bytes, node "
        + self
        + " lets at most "
        + maxMessageBytes
        + " pass; raise transport.max-message-mib on all nodes";
  }

  private static void refuse(Opening request, Link link, String reason) {
    String text = reason.substring(0, Math.min(reason.length(), MAX_REASON_CHARACTERS));
    ByteBuffer head = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    Lane lane = request.origin().lane();
    send(request, link, Subject.REFUSAL, new Message(lane, "refusal", head, List.of()));
  }

  private static void send(Opening request, Link link, Subject subject, Message answer) {
    link.send(new Outgoing(request.exchange(), subject, answer, () -> false));
  }

  /** What a refusal says. */
  static Refused refusal(NodeId from, Message refusal) {
    return new Refused(
        "node " + from + ": " + StandardCharsets.UTF_8.decode(refusal.head().duplicate()));
  }
}
