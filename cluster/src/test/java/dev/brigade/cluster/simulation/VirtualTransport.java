package dev.brigade.cluster.simulation;

import dev.brigade.spi.Timer;
import dev.brigade.spi.transport.Endpoint;
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
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** One process's end of the {@link VirtualNetwork}. */
final class VirtualTransport implements Transport {
  private final VirtualNetwork network;
  private final VirtualProcess process;
  private final int port;
  private final Map<CompletableFuture<Message>, NodeId> pending = new LinkedHashMap<>();
  private NodeInfo self;
  private Listener listener;
  private List<NodeInfo> seen = List.of();
  private long views;
  private boolean closed;

  VirtualTransport(VirtualNetwork network, VirtualProcess process, int port) {
    this.network = network;
    this.process = process;
    this.port = port;
  }

  VirtualProcess process() {
    return process;
  }

  NodeInfo self() {
    return self;
  }

  @Override
  public Endpoint bind() {
    return new Endpoint("virtual", port);
  }

  @Override
  public void start(NodeInfo info, Supplier<Set<Endpoint>> candidates, Listener newListener) {
    self = info;
    listener = newListener;
    network.joined(this);
  }

  @Override
  public void announce(NodeInfo info) {
    self = info;
    network.announced();
  }

  /** The network's word on who is there; shown a little later, one view at a time and in order. */
  void sees(List<NodeInfo> members) {
    network.world().after(Duration.ofMillis(5), () -> process.here(() -> show(members)));
  }

  private void show(List<NodeInfo> members) {
    if (closed || members.equals(seen)) {
      return;
    }
    seen = members;
    listener.view(new View(++views, members));
    for (CompletableFuture<Message> answer : new ArrayList<>(pending.keySet())) {
      NodeId to = pending.get(answer);
      if (!knows(to)) {
        answer.completeExceptionally(new TransportException.NodeLost(to));
      }
    }
  }

  private boolean knows(NodeId node) {
    return seen.stream().anyMatch(member -> member.id().equals(node));
  }

  @Override
  public CompletionStage<Message> send(NodeId to, Message message, Duration deadline) {
    CompletableFuture<Message> answer = new CompletableFuture<>();
    if (closed || !knows(to)) {
      answer.completeExceptionally(new TransportException.NodeLost(to));
      return answer;
    }
    pending.put(answer, to);
    Timer.Scheduled timeout =
        process.after(
            deadline,
            () ->
                answer.completeExceptionally(
                    new TransportException.DeadlineExceeded(to, message.kind(), deadline)));
    answer.whenComplete(
        (got, failure) -> {
          timeout.cancel();
          pending.remove(answer);
        });
    deliver(to, message, answer);
    if (chance() < network.faults().duplicated()) {
      deliver(to, message, answer);
    }
    return answer;
  }

  private double chance() {
    return network.world().random().nextDouble();
  }

  private void deliver(NodeId to, Message message, CompletableFuture<Message> answer) {
    network
        .member(to)
        .ifPresent(receiver -> travel(receiver, () -> receiver.received(this, message, answer)));
  }

  private void received(VirtualTransport from, Message message, CompletableFuture<Message> answer) {
    if (closed || !knows(from.self.id())) {
      return;
    }
    listener
        .received(from.self.id(), message)
        .whenComplete((got, failure) -> travel(from, () -> from.answered(got, failure, answer)));
  }

  private void answered(Message got, Throwable failure, CompletableFuture<Message> answer) {
    if (failure == null) {
      answer.complete(got);
    } else {
      answer.completeExceptionally(
          new TransportException.Refused(String.valueOf(failure.getMessage())));
    }
  }

  /** Takes what this process says to another one, unless it is lost on the way. */
  private void travel(VirtualTransport to, Runnable arrival) {
    if (closed || chance() < network.faults().lost()) {
      return;
    }
    VirtualWorld world = network.world();
    world.after(
        world.upTo(network.faults().slowest()),
        () -> {
          if (network.carries(process, to.process)) {
            to.process.here(arrival);
          }
        });
  }

  @Override
  public void close() {
    closed = true;
    network.left(this);
    for (CompletableFuture<Message> answer : new ArrayList<>(pending.keySet())) {
      answer.completeExceptionally(new TransportException.Refused("this transport is closed"));
    }
  }
}
