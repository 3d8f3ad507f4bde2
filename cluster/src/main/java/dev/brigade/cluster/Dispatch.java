package dev.brigade.cluster;

import dev.brigade.cluster.generation.GenerationRun;
import dev.brigade.cluster.runtime.Messenger;
import dev.brigade.cluster.stage.StageHost;
import dev.brigade.cluster.wire.Codec;
import dev.brigade.cluster.wire.Head;
import dev.brigade.spi.engine.EngineException;
import dev.brigade.spi.engine.InsufficientMemoryException;
import dev.brigade.spi.transport.Message;
import dev.brigade.spi.transport.NodeId;
import dev.brigade.spi.transport.TransportException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Predicate;

/** Gives each message to whom it is for, and makes an answer of what comes of it. On the loop. */
final class Dispatch {
  private static final System.Logger LOG = System.getLogger(Dispatch.class.getName());

  private final StageHost stages;
  private final Function<String, Optional<GenerationRun>> runs;
  private final Predicate<String> wantsPlan;

  /**
   * @param runs finds a request of which this node is the entry
   * @param wantsPlan whether this node has placed a plan and not released it
   */
  Dispatch(
      StageHost stages,
      Function<String, Optional<GenerationRun>> runs,
      Predicate<String> wantsPlan) {
    this.stages = stages;
    this.runs = runs;
    this.wantsPlan = wantsPlan;
  }

  /** Never completes exceptionally: what goes wrong is an answer, too. */
  CompletionStage<Message> received(NodeId from, Message message) {
    CompletableFuture<? extends Head> answer;
    try {
      answer = answer(from, Codec.decode(message), message.body());
    } catch (TransportException.Refused | RuntimeException e) {
      answer = CompletableFuture.failedFuture(e);
    }
    return answer.handle(
        (head, failure) -> Codec.encode(failure == null ? head : denied(from, message, failure)));
  }

  private CompletableFuture<? extends Head> answer(NodeId from, Head head, List<ByteBuffer> body) {
    if (head instanceof Head.Place place) {
      return stages.place(from, place);
    } else if (head instanceof Head.Release release) {
      return stages.release(from, release);
    } else if (head instanceof Head.Open open) {
      return stages.open(from, open, ints(body));
    } else if (head instanceof Head.Close close) {
      return stages.close(close);
    } else if (head instanceof Head.Held held) {
      return CompletableFuture.completedFuture(unwanted(held));
    } else if (head instanceof Head.Step step) {
      return stages.step(step, body);
    } else if (head instanceof Head.Sampled sampled) {
      stages.sampled(sampled);
      runs.apply(sampled.request()).ifPresent(run -> run.sampled(sampled, body));
    } else if (head instanceof Head.Interrupted interrupted) {
      runs.apply(interrupted.request()).ifPresent(run -> run.interrupted(from, interrupted));
    } else if (!(head instanceof Head.Probe)) {
      return CompletableFuture.failedFuture(
          new TransportException.Refused("an answer came as a question: " + head));
    }
    return CompletableFuture.completedFuture(new Head.Ack());
  }

  private Head.Unwanted unwanted(Head.Held held) {
    return new Head.Unwanted(
        held.requests().stream().filter(request -> runs.apply(request).isEmpty()).toList(),
        held.plans().stream().filter(wantsPlan.negate()).toList());
  }

  private static int[] ints(List<ByteBuffer> body) {
    int bytes = body.stream().mapToInt(ByteBuffer::remaining).sum();
    ByteBuffer joined = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    body.forEach(part -> joined.put(part.duplicate()));
    int[] ids = new int[bytes / Integer.BYTES];
    joined.flip().order(ByteOrder.LITTLE_ENDIAN).asIntBuffer().get(ids);
    return ids;
  }

  private static Head.Denied denied(NodeId from, Message message, Throwable failure) {
    Throwable cause = Messenger.unwrap(failure);
    RequestException.Kind kind = kind(cause);
    if (kind == RequestException.Kind.INTERNAL) {
      String what = "message '" + message.kind() + "' of node " + from + " failed";
      LOG.log(System.Logger.Level.ERROR, what, cause);
    }
    return new Head.Denied(kind, String.valueOf(cause.getMessage()));
  }

  private static RequestException.Kind kind(Throwable cause) {
    if (cause instanceof RequestException known) {
      return known.kind();
    } else if (cause instanceof InsufficientMemoryException) {
      return RequestException.Kind.OUT_OF_MEMORY;
    } else if (cause instanceof EngineException.BadModel
        || cause instanceof EngineException.Unsupported) {
      return RequestException.Kind.BAD_MODEL;
    } else if (cause instanceof TransportException || cause instanceof EngineException.Cancelled) {
      return RequestException.Kind.UNAVAILABLE;
    }
    return RequestException.Kind.INTERNAL;
  }
}
