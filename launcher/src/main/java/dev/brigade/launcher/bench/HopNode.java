package dev.brigade.launcher.bench;

import dev.brigade.spi.engine.DType;
import dev.brigade.spi.engine.EngineProfile;
import dev.brigade.spi.engine.Precision;
import dev.brigade.spi.transport.Endpoint;
import dev.brigade.spi.transport.Machine;
import dev.brigade.spi.transport.Message;
import dev.brigade.spi.transport.NodeId;
import dev.brigade.spi.transport.NodeInfo;
import dev.brigade.spi.transport.NodeState;
import dev.brigade.spi.transport.Transport;
import dev.brigade.spi.transport.TransportException;
import dev.brigade.spi.transport.View;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A node that does nothing but send back what it is sent. */
final class HopNode implements AutoCloseable {
  private static final EngineProfile NO_ENGINE =
      new EngineProfile(
          "none",
          "none",
          List.of(new EngineProfile.Cost(Precision.F32, 4, 4, DType.F32, Map.of())),
          Set.of(DType.F32),
          1,
          0);

  private final Transport transport;
  private final Endpoint address;
  private final NodeInfo self;
  private final CompletableFuture<Void> bothThere = new CompletableFuture<>();

  private HopNode(String name, Transport transport, Endpoint address) {
    this.transport = transport;
    this.address = address;
    self =
        new NodeInfo(
            new NodeId(name),
            name,
            new Machine("here", 0),
            address,
            Optional.empty(),
            NO_ENGINE,
            0,
            List.of(),
            NodeState.UP);
  }

  /** Starts a node that looks for others at these places; takes over the transport. */
  static HopNode start(String name, Transport transport, Set<Endpoint> others)
      throws TransportException {
    HopNode node = new HopNode(name, transport, transport.bind());
    transport.start(node.self, () -> others, node.new Echo());
    return node;
  }

  private final class Echo implements Transport.Listener {
    @Override
    public void view(View view) {
      if (view.members().size() == 2) {
        bothThere.complete(null);
      }
    }

    @Override
    public CompletionStage<Message> received(NodeId from, Message message) {
      return CompletableFuture.completedFuture(message);
    }
  }

  Endpoint address() {
    return address;
  }

  NodeId id() {
    return self.id();
  }

  /** Waits until this node sees another. */
  void awaitOther(Duration patience)
      throws InterruptedException, ExecutionException, TimeoutException {
    bothThere.get(patience.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Sends a message and waits for it to come back. */
  Message roundTrip(HopNode to, Message message, Duration deadline)
      throws InterruptedException, ExecutionException, TimeoutException {
    return transport
        .send(to.id(), message, deadline)
        .toCompletableFuture()
        .get(2 * deadline.toMillis(), TimeUnit.MILLISECONDS);
  }

  @Override
  public void close() {
    transport.close();
  }
}
