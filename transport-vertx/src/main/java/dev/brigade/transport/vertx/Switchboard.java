package dev.brigade.transport.vertx;

import dev.brigade.spi.Host;
import dev.brigade.spi.transport.Lane;
import dev.brigade.spi.transport.Message;
import dev.brigade.spi.transport.NodeId;
import dev.brigade.spi.transport.NodeInfo;
import dev.brigade.spi.transport.Transport.Listener;
import dev.brigade.spi.transport.TransportException;
import dev.brigade.spi.transport.TransportException.DeadlineExceeded;
import dev.brigade.spi.transport.TransportException.NodeLost;
import dev.brigade.spi.transport.TransportException.Refused;
import dev.brigade.spi.transport.View;
import dev.brigade.transport.vertx.Frame.Credit;
import dev.brigade.transport.vertx.Frame.Opening;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;

/**
 * Connects requests with answers and members with links. {@link #send} may be called from any
 * thread; all else belongs to the loop.
 */
final class Switchboard {
  private final NodeId self;
  private final Host host;
  private final System.Logger logger;
  private final Loop loop;
  private final Listener listener;
  private final Answering answering;
  private final long maxMessageBytes;
  private final BiConsumer<String, Buffer> bus;
  private final EarlyFrames early = new EarlyFrames();
  private final AtomicLong nextExchange = new AtomicLong(1);
  private final Map<Long, Exchange> exchanges = new ConcurrentHashMap<>();
  private volatile Map<NodeId, Peer> peers = Map.of();
  private volatile boolean closed;
  private long nextEpoch = 1;
  private long nextView = 1;
  private List<NodeInfo> shown = List.of();

  /** {@code bus} sends a frame to an event bus address, in order. */
  Switchboard(
      NodeId self,
      Host host,
      Loop loop,
      Listener listener,
      long maxMessageBytes,
      BiConsumer<String, Buffer> bus) {
    this.self = self;
    this.host = host;
    this.logger = host.logger(VertxTransport.class.getName());
    this.loop = loop;
    this.listener = listener;
    this.answering = new Answering(self, maxMessageBytes, listener, logger);
    this.maxMessageBytes = maxMessageBytes;
    this.bus = bus;
  }

  CompletionStage<Message> send(NodeId to, Message message, Duration deadline) {
    Peer peer = peers.get(to);
    if (peer == null) {
      return CompletableFuture.failedFuture(closed ? closedHere() : new NodeLost(to));
    }
    long id = nextExchange.getAndIncrement();
    Exchange exchange = new Exchange(peer, message);
    try {
      checkLength(message);
      peer.budget(message.lane()).take(to.value(), message.lane(), message.bodyBytes());
    } catch (Refused refused) {
      return CompletableFuture.failedFuture(refused);
    }
    exchanges.put(id, exchange);
    exchange.deadline(
        host.timer()
            .schedule(
                deadline,
                () ->
                    loop.run(() -> fail(id, new DeadlineExceeded(to, message.kind(), deadline)))));
    loop.run(() -> begin(id, exchange));
    if (closed) {
      fail(id, closedHere());
    }
    return exchange.answer().minimalCompletionStage();
  }

  private void checkLength(Message message) throws Refused {
    if (message.bodyBytes() > maxMessageBytes || message.body().size() > FrameCodec.MAX_PARTS) {
      throw new Refused(
          "message '"
              + message.kind()
              + "' has a body of "
              + message.bodyBytes()
              + " bytes in "
              + message.body().size()
              + " parts, at most "
              + maxMessageBytes
              + " bytes in "
              + FrameCodec.MAX_PARTS
              + " parts go; raise transport.max-message-mib on all nodes");
    }
  }

  private void begin(long id, Exchange exchange) {
    Peer peer = exchange.peer();
    if (peers.get(peer.id()) == peer) {
      peer.link().send(new Outgoing(id, Subject.REQUEST, exchange.request(), exchange::isOver));
    } else {
      fail(id, new NodeLost(peer.id()));
    }
  }

  private void fail(long id, TransportException failure) {
    Exchange exchange = exchanges.remove(id);
    if (exchange != null) {
      exchange.fail(failure);
    }
  }

  /** Takes over a new list of members: shows it, then tells those who waited for someone lost. */
  void roster(List<Card> cards) {
    if (closed) {
      return;
    }
    Map<NodeId, Peer> before = peers;
    Map<NodeId, Peer> now = new LinkedHashMap<>();
    for (Card card : cards) {
      Peer known = before.get(card.id());
      now.put(card.id(), known == null ? peer(card) : known);
    }
    peers = Map.copyOf(now);
    show(cards.stream().map(Card::info).toList());
    for (Peer peer : before.values()) {
      if (!now.containsKey(peer.id())) {
        peer.link().close();
        failAllOf(peer);
      }
    }
    for (NodeId id : now.keySet()) {
      early.of(id).forEach(this::frame);
    }
  }

  private Peer peer(Card card) {
    Link link =
        new Link(self, nextEpoch++, frame -> bus.accept(card.inbox(), frame), host.timer(), loop);
    return new Peer(
        card.id(),
        link,
        maxMessageBytes,
        opening -> {
          if (opening.subject() == Subject.REQUEST) {
            answering.refuseLength(opening, link);
          } else {
            fail(opening.exchange(), answering.tooLongAnswer(opening));
          }
        });
  }

  private void show(List<NodeInfo> members) {
    if (!members.equals(shown)) {
      shown = members;
      try {
        listener.view(new View(nextView++, members));
      } catch (RuntimeException | Error e) {
        logger.log(System.Logger.Level.ERROR, "the listener failed on a view", e);
      }
    }
  }

  private void failAllOf(Peer peer) {
    exchanges.forEach(
        (id, exchange) -> {
          if (exchange.peer() == peer) {
            fail(id, new NodeLost(peer.id()));
          }
        });
  }

  /** Takes what came over the bus. */
  void frame(Buffer bytes) {
    try {
      Frame frame = FrameCodec.decode(bytes);
      Peer peer = peers.get(frame.origin().sender());
      if (peer == null) {
        early.keep(frame.origin().sender(), bytes);
      } else {
        take(peer, frame, bytes.length());
      }
    } catch (MalformedFrameException e) {
      logger.log(System.Logger.Level.WARNING, "dropped a malformed frame: {0}", e.getMessage());
    }
  }

  private void take(Peer peer, Frame frame, int bytes) throws MalformedFrameException {
    Lane lane = frame.origin().lane();
    if (frame instanceof Credit credit) {
      peer.link().credit(credit.origin().epoch(), lane, credit.origin().sequence());
      return;
    }
    Optional<Assembly> whole = peer.inbound(lane).take(frame, bytes, peer.link());
    if (whole.isPresent()) {
      Message message = whole.get().message();
      Opening opening = whole.get().opening();
      switch (opening.subject()) {
        case REQUEST -> answering.answer(peer, opening, message, task -> onLoopTo(peer, task));
        case ANSWER -> complete(peer, opening, message);
        case REFUSAL -> fail(opening.exchange(), Answering.refusal(peer.id(), message));
      }
    }
  }

  /** Answers to nodes that are gone go nowhere. */
  private void onLoopTo(Peer peer, Runnable task) {
    loop.run(
        () -> {
          if (peers.get(peer.id()) == peer) {
            task.run();
          }
        });
  }

  private void complete(Peer peer, Opening opening, Message message) {
    Exchange exchange = exchanges.get(opening.exchange());
    if (exchange != null
        && exchange.peer() == peer
        && exchanges.remove(opening.exchange()) != null) {
      exchange.complete(message);
    }
  }

  /** Sends nothing and shows nothing any more, and ends every exchange; any thread. */
  void close() {
    closed = true;
    peers.values().forEach(peer -> peer.link().close());
    peers = Map.of();
    exchanges.keySet().forEach(id -> fail(id, closedHere()));
  }

  static Refused closedHere() {
    return new Refused("this transport is closed");
  }
}
