package dev.brigade.cluster.local;

import dev.brigade.spi.transport.Endpoint;
import dev.brigade.spi.transport.Message;
import dev.brigade.spi.transport.NodeId;
import dev.brigade.spi.transport.NodeInfo;
import dev.brigade.spi.transport.Transport;
import dev.brigade.spi.transport.TransportException;
import dev.brigade.spi.transport.View;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/** One node's end of a {@link LocalNetwork}. */
final class LocalTransport implements Transport {
  private static final int MAX_IN_FLIGHT = 1024;

  private final LocalNetwork network;
  private final int port;
  private final Map<CompletableFuture<Message>, NodeId> inFlight = new ConcurrentHashMap<>();
  private volatile NodeInfo self;
  private volatile Listener listener;
  private volatile boolean closed;

  LocalTransport(LocalNetwork network, int port) {
    this.network = network;
    this.port = port;
  }

  @Override
  public Endpoint bind() {
    return new Endpoint("localhost", port);
  }

  @Override
  public void start(NodeInfo info, Supplier<Set<Endpoint>> candidates, Listener newListener) {
    self = info;
    listener = newListener;
    network.join(info.id(), this);
  }

  @Override
  public void announce(NodeInfo info) {
    self = info;
    network.announced();
  }

  NodeInfo self() {
    return self;
  }

  void view(View view) {
    listener.view(view);
  }

  CompletionStage<Message> receive(NodeId from, Message message) {
    return listener.received(from, message);
  }

  @Override
  public CompletionStage<Message> send(NodeId to, Message message, Duration deadline) {
    if (closed) {
      return CompletableFuture.failedFuture(new TransportException.NodeLost(to));
    }
    long toThat = inFlight.values().stream().filter(to::equals).count();
    if (toThat >= MAX_IN_FLIGHT) {
      return CompletableFuture.failedFuture(
          new TransportException.Refused(
              "there are " + toThat + " messages on their way to node " + to + " already"));
    }
    CompletableFuture<Message> result = new CompletableFuture<>();
    inFlight.put(result, to);
    result.whenComplete((got, failure) -> inFlight.remove(result));
    network
        .deliver(self.id(), to, message, deadline)
        .whenComplete(
            (got, failure) -> {
              if (failure == null) {
                result.complete(got);
              } else {
                result.completeExceptionally(failure);
              }
            });
    return result;
  }

  /** Completes what is on its way to a node that is gone. */
  void lost(NodeId node) {
    inFlight.forEach(
        (pending, to) -> {
          if (to.equals(node)) {
            pending.completeExceptionally(new TransportException.NodeLost(node));
          }
        });
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    if (self != null) {
      network.leave(self.id());
    }
    inFlight.forEach(
        (pending, to) -> pending.completeExceptionally(new TransportException.NodeLost(to)));
  }
}
