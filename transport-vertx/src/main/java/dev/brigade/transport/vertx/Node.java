package dev.brigade.transport.vertx;

import dev.brigade.spi.Host;
import dev.brigade.spi.transport.Endpoint;
import dev.brigade.spi.transport.Message;
import dev.brigade.spi.transport.NodeId;
import dev.brigade.spi.transport.NodeInfo;
import dev.brigade.spi.transport.Transport.Listener;
import dev.brigade.spi.transport.TransportException.NodeLost;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/** A started transport: membership, bus and switchboard, brought up and down together. */
final class Node {
  private static final Duration STOP = Duration.ofSeconds(5);

  private final VertxTransportConfig config;
  private final Host host;
  private final System.Logger logger;
  private final Supplier<Set<Endpoint>> candidates;
  private final Listener listener;
  private final NodeId id;
  private final Routes routes = new Routes();
  private final CompletableFuture<Void> started = new CompletableFuture<>();
  private volatile Optional<Membership> membership = Optional.empty();
  private volatile Optional<Bus> bus = Optional.empty();
  private volatile Optional<Switchboard> switchboard = Optional.empty();
  private volatile boolean closing;
  private NodeInfo info;
  private Optional<Card> card = Optional.empty();

  Node(
      VertxTransportConfig config,
      Host host,
      NodeInfo self,
      Supplier<Set<Endpoint>> candidates,
      Listener listener) {
    this.config = config;
    this.host = host;
    this.logger = host.logger(VertxTransport.class.getName());
    this.id = self.id();
    this.info = self;
    this.candidates = candidates;
    this.listener = listener;
  }

  /** Joins and starts the bus, side by side, on threads of their own. */
  void start(ListeningSocket socket) {
    CompletableFuture<Void> joined = new CompletableFuture<>();
    BusClusterManager manager = new BusClusterManager(id.value(), routes, joined);
    thread("brigade-join", () -> join(socket, manager, joined));
    thread("brigade-start", () -> startBus(socket, manager));
  }

  private void join(
      ListeningSocket socket, BusClusterManager manager, CompletableFuture<Void> joined) {
    try {
      Membership joining =
          new Membership(socket, host, id, candidates, routes, cards -> roster(manager, cards));
      membership = Optional.of(joining);
      joining.join();
      joined.complete(null);
    } catch (Exception | LinkageError e) {
      joined.completeExceptionally(e);
    }
  }

  private void startBus(ListeningSocket socket, BusClusterManager manager) {
    try {
      Bus up = Bus.start(socket, manager, logger).toCompletableFuture().join();
      bus = Optional.of(up);
      Switchboard board =
          new Switchboard(id, host, up.loop(), listener, config.maxMessageBytes(), up.wire(logger));
      switchboard = Optional.of(board);
      String inbox = Bus.inbox();
      up.listen(inbox, board::frame).toCompletableFuture().join();
      publish(manager, inbox);
      started.complete(null);
    } catch (RuntimeException | LinkageError e) {
      Throwable cause = e instanceof CompletionException && e.getCause() != null ? e.getCause() : e;
      if (!closing) {
        logger.log(
            System.Logger.Level.ERROR,
            () -> "the transport on " + socket.endpoint() + " could not start",
            cause);
      }
      started.completeExceptionally(cause);
    }
  }

  private synchronized void publish(BusClusterManager manager, String inbox) {
    Card first =
        new Card(
            1,
            manager.ownBus().host(),
            manager.ownBus().port(),
            inbox,
            manager.ownRegistrations(),
            info);
    card = Optional.of(first);
    membership.orElseThrow().publish(first);
  }

  synchronized void announce(NodeInfo newInfo) {
    if (!newInfo.id().equals(id)) {
      throw new IllegalArgumentException(
          "node " + id + " cannot announce itself as " + newInfo.id());
    }
    info = newInfo;
    card = card.map(known -> known.announcing(newInfo));
    card.ifPresent(current -> membership.orElseThrow().publish(current));
  }

  private void roster(BusClusterManager manager, List<Card> cards) {
    manager.roster(cards);
    Bus up = bus.orElseThrow();
    Switchboard board = switchboard.orElseThrow();
    up.loop().run(() -> board.roster(cards));
  }

  CompletionStage<Message> send(NodeId to, Message message, Duration deadline) {
    return switchboard
        .map(board -> board.send(to, message, deadline))
        .orElseGet(() -> CompletableFuture.failedFuture(new NodeLost(to)));
  }

  /**
   * Leaves and frees everything. Blocks until done, except on the transport's own threads, which
   * have to be free for it.
   */
  void close() {
    closing = true;
    switchboard.ifPresent(Switchboard::close);
    Thread stopping = thread("brigade-stop", this::stop);
    if (!Thread.currentThread().getName().startsWith("vert.x-")) {
      try {
        stopping.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void stop() {
    try {
      started.get(STOP.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      logger.log(System.Logger.Level.DEBUG, "closing a transport that did not start", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    switchboard.ifPresent(Switchboard::close);
    membership.ifPresent(Membership::close);
    bus.ifPresent(
        up -> {
          if (!up.close(STOP)) {
            logger.log(System.Logger.Level.WARNING, "the event bus did not close in {0}", STOP);
          }
        });
  }

  private static Thread thread(String name, Runnable task) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    thread.start();
    return thread;
  }
}
