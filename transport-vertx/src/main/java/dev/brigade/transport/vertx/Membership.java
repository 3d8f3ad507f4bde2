package dev.brigade.transport.vertx;

import dev.brigade.spi.Host;
import dev.brigade.spi.Timer;
import dev.brigade.spi.transport.Endpoint;
import dev.brigade.spi.transport.NodeId;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jgroups.Address;
import org.jgroups.BytesMessage;
import org.jgroups.JChannel;
import org.jgroups.Message;
import org.jgroups.Receiver;
import org.jgroups.View;

/**
 * Who is a member, in the order of JGroups' view, each with its card. On every view with someone
 * new each member tells its card again, which also mends what a torn cluster missed.
 */
final class Membership implements Receiver, AutoCloseable {
  /** Cards from nodes that are in no view yet. */
  private static final int MAX_CARDS = 4096;

  private static final Duration ASK_AFTER = Duration.ofMillis(300);

  /** Asks for the receiver's card; no card begins like this. */
  private static final byte[] QUESTION = {0};

  private final String cluster;
  private final System.Logger logger;
  private final Timer timer;
  private final Consumer<List<Card>> roster;
  private final JChannel channel;
  private final ExecutorService blocking;
  private final ExecutorService sender;
  private final Map<Address, Card> cards = new HashMap<>();
  private List<Address> members = List.of();
  private Set<Address> unheard = Set.of();
  private Optional<Card> own = Optional.empty();
  private boolean asking;
  private boolean closed;

  /**
   * Prepares to join.
   *
   * @param routes filled with what is found out about where others listen
   * @param roster told of all members with a card, in order, from the first {@link #publish} on;
   *     one call at a time
   */
  Membership(
      ListeningSocket socket,
      Host host,
      NodeId self,
      Supplier<Set<Endpoint>> candidates,
      Routes routes,
      Consumer<List<Card>> roster)
      throws Exception {
    this.cluster = "brigade/1/" + host.cluster();
    this.logger = host.logger(Membership.class.getName());
    this.timer = host.timer();
    this.roster = roster;
    this.blocking = Executors.newCachedThreadPool(task -> daemon("brigade-discovery", task));
    this.sender = Executors.newSingleThreadExecutor(task -> daemon("brigade-membership", task));
    this.channel =
        new JChannel(
            ProtocolStack.over(
                socket, ClusterSeal.of(host), candidates, routes, this::unheard, blocking, logger));
    channel.name(self.value());
    channel.setDiscardOwnMessages(true);
    channel.setReceiver(this);
  }

  /** Joins whoever is there, or starts a cluster of one; blocks until done. */
  void join() throws Exception {
    channel.connect(cluster);
  }

  /** Tells everyone this node's card, now and whenever someone joins. */
  void publish(Card card) {
    synchronized (this) {
      own = Optional.of(card);
      tell();
    }
    broadcast(card);
  }

  @Override
  public synchronized void viewAccepted(View view) {
    Set<Address> left = new HashSet<>(members);
    List<Address> before = members;
    members = List.copyOf(view.getMembers());
    left.removeAll(members);
    cards.keySet().removeAll(left);
    tell();
    if (!before.containsAll(members)) {
      own.ifPresent(this::broadcast);
      askLater();
    }
  }

  /** Who is a member for others only is none for this node. */
  private synchronized void unheard(Set<Address> now) {
    unheard = now;
    tell();
  }

  private void askLater() {
    if (!closed && !asking && !strangers().isEmpty()) {
      asking = true;
      timer.schedule(ASK_AFTER, this::ask);
    }
  }

  private synchronized void ask() {
    asking = false;
    strangers().forEach(member -> send(member, QUESTION));
    askLater();
  }

  private List<Address> strangers() {
    Address self = channel.getAddress();
    return members.stream()
        .filter(member -> !member.equals(self) && !cards.containsKey(member))
        .toList();
  }

  @Override
  public void receive(Message message) {
    if (message.getLength() == QUESTION.length && message.getArray()[message.getOffset()] == 0) {
      answer(message.getSrc());
      return;
    }
    try {
      Card card = CardCodec.decode(message.getArray(), message.getOffset(), message.getLength());
      accept(message.getSrc(), card);
    } catch (IOException e) {
      logger.log(
          System.Logger.Level.WARNING,
          "ignored what member {0} tells of itself: {1}",
          message.getSrc(),
          e.getMessage());
    }
  }

  private synchronized void accept(Address from, Card card) {
    Card known = cards.get(from);
    boolean newer = known == null ? cards.size() < MAX_CARDS : known.version() < card.version();
    if (newer) {
      cards.put(from, card);
      tell();
    }
  }

  private void tell() {
    own.ifPresent(
        mine -> {
          Address self = channel.getAddress();
          roster.accept(
              members.stream()
                  .filter(member -> !unheard.contains(member))
                  .map(member -> member.equals(self) ? mine : cards.get(member))
                  .filter(Objects::nonNull)
                  .toList());
        });
  }

  private synchronized void answer(Address asking) {
    own.ifPresent(card -> send(asking, CardCodec.encode(card)));
  }

  private void broadcast(Card card) {
    send(null, CardCodec.encode(card));
  }

  /** To everyone if {@code to} is null, as JGroups has it. */
  private void send(Address to, byte[] bytes) {
    // Sending may wait for sockets, and view changes wait for nobody.
    try {
      sender.execute(
          () -> {
            try {
              channel.send(new BytesMessage(to, bytes));
            } catch (Exception e) {
              logger.log(System.Logger.Level.DEBUG, "could not tell members of this node", e);
            }
          });
    } catch (RejectedExecutionException e) {
      // Closed meanwhile.
    }
  }

  /** Leaves, tells the others, and frees socket and threads; blocks for about a second at most. */
  @Override
  public void close() {
    synchronized (this) {
      closed = true;
    }
    sender.shutdownNow();
    channel.close();
    blocking.shutdownNow();
  }

  private static Thread daemon(String name, Runnable task) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    return thread;
  }
}
