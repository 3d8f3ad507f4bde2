package dev.brigade.cluster.local;

import dev.brigade.spi.Timer;
import dev.brigade.spi.transport.Message;
import dev.brigade.spi.transport.NodeId;
import dev.brigade.spi.transport.NodeInfo;
import dev.brigade.spi.transport.Transport;
import dev.brigade.spi.transport.TransportException;
import dev.brigade.spi.transport.View;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;

/**
 * Joins transports of one process. Members are ordered by when they started. Messages are copied,
 * so that sender and receiver own theirs as on a real network.
 */
public final class LocalNetwork implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(LocalNetwork.class.getName());

  private final Timer timer;
  private final ExecutorService delivery =
      Executors.newSingleThreadExecutor(
          task -> {
            Thread thread = new Thread(task, "local-network");
            thread.setDaemon(true);
            return thread;
          });
  private final Map<NodeId, LocalTransport> members = new LinkedHashMap<>();
  private long viewNumber;
  private int ports;

  /**
   * @param timer for deadlines
   */
  public LocalNetwork(Timer timer) {
    this.timer = timer;
  }

  /** A transport that joins this network when it is started. */
  public synchronized Transport transport() {
    return new LocalTransport(this, ++ports);
  }

  synchronized void join(NodeId id, LocalTransport transport) {
    members.put(id, transport);
    tellView();
  }

  synchronized void announced() {
    tellView();
  }

  void leave(NodeId id) {
    List<LocalTransport> others;
    synchronized (this) {
      if (members.remove(id) == null) {
        return;
      }
      tellView();
      others = new ArrayList<>(members.values());
    }
    others.forEach(other -> other.lost(id));
  }

  private void tellView() {
    viewNumber++;
    List<NodeInfo> infos = members.values().stream().map(LocalTransport::self).toList();
    View view = new View(viewNumber, infos);
    members.values().forEach(member -> deliver(() -> member.view(view)));
  }

  private synchronized Optional<LocalTransport> member(NodeId id) {
    return Optional.ofNullable(members.get(id));
  }

  CompletionStage<Message> deliver(NodeId from, NodeId to, Message message, Duration deadline) {
    CompletableFuture<Message> answer = new CompletableFuture<>();
    Optional<LocalTransport> receiver = member(to);
    if (receiver.isEmpty()) {
      answer.completeExceptionally(new TransportException.NodeLost(to));
      return answer;
    }
    Timer.Scheduled timeout =
        timer.schedule(
            deadline,
            () ->
                answer.completeExceptionally(
                    new TransportException.DeadlineExceeded(to, message.kind(), deadline)));
    answer.whenComplete((got, failure) -> timeout.cancel());
    Message copy = MessageCopy.of(message);
    deliver(() -> receive(receiver.get(), from, copy, answer));
    return answer;
  }

  private static void receive(
      LocalTransport receiver, NodeId from, Message message, CompletableFuture<Message> answer) {
    try {
      receiver
          .receive(from, message)
          .whenComplete(
              (got, failure) -> {
                if (failure == null) {
                  answer.complete(MessageCopy.of(got));
                } else {
                  answer.completeExceptionally(asTransportException(failure));
                }
              });
    } catch (RuntimeException e) {
      answer.completeExceptionally(asTransportException(e));
    }
  }

  /** In order, on the network's thread, whatever a listener throws. */
  private void deliver(Runnable what) {
    try {
      delivery.execute(
          () -> {
            try {
              what.run();
            } catch (RuntimeException e) {
              LOG.log(System.Logger.Level.ERROR, "a listener failed; this is a defect", e);
            }
          });
    } catch (RejectedExecutionException e) {
      LOG.log(System.Logger.Level.DEBUG, "dropped what came after close");
    }
  }

  /** Stops delivering; close the transports first. */
  @Override
  public void close() {
    delivery.shutdown();
  }

  private static TransportException asTransportException(Throwable failure) {
    Throwable cause = failure.getCause() != null ? failure.getCause() : failure;
    return cause instanceof TransportException known
        ? known
        : new TransportException.Refused("internal error of the receiver: " + cause);
  }
}
