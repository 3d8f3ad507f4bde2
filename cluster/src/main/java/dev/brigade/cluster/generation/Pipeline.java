package dev.brigade.cluster.generation;

import dev.brigade.cluster.Deadlines;
import dev.brigade.cluster.plan.PlacedPlan;
import dev.brigade.cluster.runtime.Messenger;
import dev.brigade.cluster.wire.Head;
import dev.brigade.spi.engine.DType;
import dev.brigade.spi.partition.Stage;
import dev.brigade.spi.transport.NodeId;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * The stages of one plan as one request's entry speaks to them, in one attempt. Owned by the loop.
 */
final class Pipeline {
  private static final int CHUNK_BYTES = 512 * 1024;
  private static final int MIN_CHUNK_ROWS = 16;
  private static final int MAX_CHUNK_ROWS = 512;

  private final Messenger messenger;
  private final Deadlines deadlines;
  private final PlacedPlan placed;
  private final String request;
  private final int attempt;

  Pipeline(
      Messenger messenger, Deadlines deadlines, PlacedPlan placed, String request, int attempt) {
    this.messenger = messenger;
    this.deadlines = deadlines;
    this.placed = placed;
    this.request = request;
    this.attempt = attempt;
  }

  PlacedPlan placed() {
    return placed;
  }

  int attempt() {
    return attempt;
  }

  List<Stage> stages() {
    return placed.plan().stages();
  }

  /** A stage did not do what it was asked. */
  static final class StageFailed extends Exception {
    private final NodeId node;

    StageFailed(NodeId node, Throwable cause) {
      super("node " + node + ": " + cause.getMessage(), cause);
      this.node = node;
    }

    NodeId node() {
      return node;
    }
  }

  /**
   * Opens the sequence on every stage.
   *
   * @param ids prompt and answer so far, for the tail
   * @return how many tokens all of them hold, or exceptionally a {@link StageFailed}
   */
  CompletableFuture<Integer> open(Head.Open open, List<Integer> ids) {
    List<CompletableFuture<Head.Opened>> answers = new ArrayList<>();
    for (int i = 0; i < stages().size(); i++) {
      boolean tail = i == stages().size() - 1;
      List<ByteBuffer> body = tail ? List.of(bytes(ids)) : List.of();
      NodeId node = stages().get(i).node();
      answers.add(
          messenger
              .sendUntilAnswered(node, open, body, deadlines.control(), 3, Head.Opened.class)
              .handle(
                  (opened, failure) ->
                      failure == null
                          ? CompletableFuture.completedFuture(opened)
                          : CompletableFuture.<Head.Opened>failedFuture(
                              new StageFailed(node, Messenger.unwrap(failure))))
              .thenCompose(stage -> stage));
    }
    return CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new))
        .thenApply(
            all -> answers.stream().mapToInt(answer -> answer.join().length()).min().orElse(0));
  }

  /**
   * Sends tokens to the first stage in chunks, each when there is room for it; the last row of the
   * last chunk gives a token.
   *
   * @param ids tokens to run
   * @param from position of the first
   * @param width elements of a hidden state, which bounds the chunks
   */
  CompletableFuture<Void> send(List<Integer> ids, int from, int width, Runnable progress) {
    return send(List.copyOf(ids), 0, from, chunkRows(width), progress);
  }

  private CompletableFuture<Void> send(
      List<Integer> ids, int done, int from, int chunkRows, Runnable progress) {
    if (done == ids.size()) {
      return CompletableFuture.completedFuture(null);
    }
    int end = Math.min(ids.size(), done + chunkRows);
    int outputs = end == ids.size() ? 1 : 0;
    Head.Step step =
        new Head.Step(request, attempt, from, from + done, end - done, outputs, DType.I32);
    List<ByteBuffer> body = List.of(bytes(ids.subList(done, end)));
    return messenger
        .sendUntilAnswered(stages().get(0).node(), step, body, deadlines.step(), 3, Head.Ack.class)
        .thenCompose(
            ack -> {
              progress.run();
              return send(ids, end, from, chunkRows, progress);
            });
  }

  static int chunkRows(int width) {
    int rows = CHUNK_BYTES / (width * DType.F32.bytes());
    return Math.max(MIN_CHUNK_ROWS, Math.min(MAX_CHUNK_ROWS, rows));
  }

  /** Closes this attempt's sequence on the stages whose nodes a later attempt does not use. */
  void closeExcept(List<NodeId> used) {
    stages().stream()
        .filter(stage -> !used.contains(stage.node()))
        .forEach(stage -> close(stage, attempt));
  }

  private CompletableFuture<StageTiming> close(Stage stage, int upTo) {
    Head.Close close = new Head.Close(request, upTo);
    return messenger
        .sendUntilAnswered(
            stage.node(), close, List.of(), deadlines.control(), 3, Head.Closed.class)
        .exceptionally(failure -> new Head.Closed(0, 0))
        .thenApply(
            closed ->
                new StageTiming(stage, closed.steps(), Duration.ofNanos(closed.computeNanos())));
  }

  /**
   * Closes the sequence on every stage for good; a stage that does not answer counts as having done
   * nothing.
   */
  CompletableFuture<List<StageTiming>> close() {
    List<CompletableFuture<StageTiming>> answers =
        stages().stream().map(stage -> close(stage, Integer.MAX_VALUE)).toList();
    return CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new))
        .thenApply(all -> answers.stream().map(CompletableFuture::join).toList());
  }

  private static ByteBuffer bytes(List<Integer> ids) {
    ByteBuffer bytes =
        ByteBuffer.allocate(ids.size() * Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    ids.forEach(bytes::putInt);
    return bytes.flip();
  }
}
