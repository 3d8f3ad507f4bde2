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
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * A network that delays, reorders, duplicates and loses messages: worse than a transport may be, so
 * that nothing hinges on its virtues. Nodes crash without a word, and the others learn of it later.
 */
final class VirtualNetwork {
  private static final Duration DETECTION = Duration.ofMillis(900);

  private final VirtualWorld world;
  private final Faults faults;
  private final Map<NodeId, VirtualTransport> members = new LinkedHashMap<>();
  private final Set<NodeId> crashed = new HashSet<>();
  private long viewNumber;
  private int ports;

  VirtualNetwork(VirtualWorld world, Faults faults) {
    this.world = world;
    this.faults = faults;
  }

  Transport transport() {
    return new VirtualTransport(++ports);
  }

  /** From now on the node neither hears nor speaks. */
  void crash(NodeId node) {
    crashed.add(node);
    world.after(DETECTION, () -> remove(node));
  }

  private void remove(NodeId node) {
    if (members.remove(node) != null) {
      tellView();
      members.values().forEach(member -> member.lost(node));
    }
  }

  private void tellView() {
    List<NodeInfo> infos = members.values().stream().map(member -> member.self).toList();
    View view = new View(++viewNumber, infos);
    for (VirtualTransport member : members.values()) {
      // One call at a time and in order is what a transport promises of views; this one keeps it.
      world.after(Duration.ofMillis(5), () -> member.view(view));
    }
  }

  private final class VirtualTransport implements Transport {
    private final int port;
    private final Map<CompletableFuture<Message>, NodeId> pending = new LinkedHashMap<>();
    private NodeInfo self;
    private Listener listener;
    private boolean closed;

    VirtualTransport(int port) {
      this.port = port;
    }

    @Override
    public Endpoint bind() {
      return new Endpoint("virtual", port);
    }

    @Override
    public void start(NodeInfo info, Supplier<Set<Endpoint>> candidates, Listener newListener) {
      self = info;
      listener = newListener;
      members.put(info.id(), this);
      tellView();
    }

    @Override
    public void announce(NodeInfo info) {
      self = info;
      tellView();
    }

    private void view(View view) {
      if (isAlive()) {
        listener.view(view);
      }
    }

    private boolean isAlive() {
      return !closed && !crashed.contains(self.id());
    }

    private void lost(NodeId node) {
      for (CompletableFuture<Message> answer : new ArrayList<>(pending.keySet())) {
        if (pending.get(answer).equals(node)) {
          answer.completeExceptionally(new TransportException.NodeLost(node));
        }
      }
    }

    @Override
    public CompletionStage<Message> send(NodeId to, Message message, Duration deadline) {
      CompletableFuture<Message> answer = new CompletableFuture<>();
      if (!members.containsKey(to)) {
        answer.completeExceptionally(new TransportException.NodeLost(to));
        return answer;
      }
      pending.put(answer, to);
      Timer.Scheduled timeout =
          world.after(
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
      if (world.random().nextDouble() < faults.duplicated()) {
        deliver(to, message, answer);
      }
      return answer;
    }

    private void deliver(NodeId to, Message message, CompletableFuture<Message> answer) {
      if (world.random().nextDouble() < faults.lost()) {
        return;
      }
      world.after(
          world.upTo(faults.slowest()),
          () -> {
            VirtualTransport receiver = members.get(to);
            if (isAlive() && receiver != null && receiver.isAlive()) {
              receiver
                  .listener
                  .received(self.id(), message)
                  .whenComplete((got, failure) -> answer(got, failure, answer));
            }
          });
    }

    private void answer(Message got, Throwable failure, CompletableFuture<Message> answer) {
      if (world.random().nextDouble() < faults.lost()) {
        return;
      }
      world.after(
          world.upTo(faults.slowest()),
          () -> {
            if (isAlive() && failure == null) {
              answer.complete(got);
            } else if (isAlive()) {
              answer.completeExceptionally(
                  new TransportException.Refused(String.valueOf(failure.getMessage())));
            }
          });
    }

    @Override
    public void close() {
      closed = true;
      remove(self.id());
    }
  }
}
