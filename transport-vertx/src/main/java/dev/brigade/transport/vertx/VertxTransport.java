package dev.brigade.transport.vertx;

import dev.brigade.spi.Host;
import dev.brigade.spi.transport.Endpoint;
import dev.brigade.spi.transport.Message;
import dev.brigade.spi.transport.NodeId;
import dev.brigade.spi.transport.NodeInfo;
import dev.brigade.spi.transport.Transport;
import dev.brigade.spi.transport.TransportException;
import dev.brigade.spi.transport.TransportException.CannotBind;
import dev.brigade.spi.transport.TransportException.Refused;
import dev.brigade.transport.vertx.tls.ClusterTls;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** The transport: binds, joins, sends, leaves. Its states only go forward. */
final class VertxTransport implements Transport {
  private final VertxTransportConfig config;
  private final Host host;
  private final System.Logger logger;
  private Optional<ListeningSocket> socket = Optional.empty();
  private Optional<Node> node = Optional.empty();
  private boolean closed;

  VertxTransport(VertxTransportConfig config, Host host) {
    this.config = config;
    this.host = host;
    this.logger = host.logger(VertxTransport.class.getName());
  }

  @Override
  public synchronized Endpoint bind() throws TransportException {
    if (closed) {
      throw new CannotBind("this transport is closed");
    }
    if (socket.isEmpty()) {
      socket = Optional.of(ListeningSocket.open(config, ClusterTls.of(host)));
    }
    return socket.get().endpoint();
  }

  @Override
  public synchronized void start(
      NodeInfo self, Supplier<Set<Endpoint>> candidates, Listener listener) {
    ListeningSocket bound =
        socket.orElseThrow(() -> new IllegalStateException("start() comes after bind()"));
    if (closed || node.isPresent()) {
      throw new IllegalStateException("a transport is started once, before it is closed");
    }
    Node starting = new Node(config, host, self, candidates, listener);
    node = Optional.of(starting);
    starting.start(bound);
  }

  @Override
  public synchronized void announce(NodeInfo self) {
    if (!closed) {
      node.orElseThrow(() -> new IllegalStateException("announce() comes after start()"))
          .announce(self);
    }
  }

  @Override
  public CompletionStage<Message> send(NodeId to, Message message, Duration deadline) {
    Optional<Node> current;
    synchronized (this) {
      if (closed) {
        return CompletableFuture.failedFuture(Switchboard.closedHere());
      }
      current = node;
    }
    return current
        .map(started -> started.send(to, message, deadline))
        .orElseGet(
            () -> CompletableFuture.failedFuture(new Refused("this transport is not started")));
  }

  @Override
  public void close() {
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
    }
    node.ifPresent(Node::close);
    socket.ifPresent(
        bound -> {
          try {
            bound.close();
          } catch (IOException e) {
            logger.log(System.Logger.Level.DEBUG, "closing the listening socket", e);
          }
        });
  }
}
