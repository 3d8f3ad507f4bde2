package dev.brigade.transport.vertx;

import java.io.DataInput;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jgroups.Address;
import org.jgroups.Event;
import org.jgroups.blocks.cs.Connection;
import org.jgroups.protocols.TCP;
import org.jgroups.stack.IpAddress;
import org.jgroups.util.ByteArrayDataInputStream;

/** JGroups' TCP with every packet sealed; what cannot be opened is dropped before it is parsed. */
final class SealedTcp extends TCP {
  /** JGroups takes no longer packets; its own are at most 64 KB. */
  private static final int MAX_PACKET_BYTES = 256 * 1024;

  private static final long WARN_EVERY_NANOS = TimeUnit.MINUTES.toNanos(1);

  private final ClusterSeal seal;
  private final Routes routes;
  private final System.Logger logger;
  private final AtomicLong nextWarning = new AtomicLong(System.nanoTime());

  SealedTcp(ClusterSeal seal, Routes routes, System.Logger logger) {
    this.seal = seal;
    this.routes = routes;
    this.logger = logger;
    this.max_length = MAX_PACKET_BYTES;
  }

  @Override
  public void send(Address dest, byte[] data, int offset, int length) throws Exception {
    byte[] sealed = seal.seal(data, offset, length);
    super.send(way(dest), sealed, 0, sealed.length);
  }

  /** What is sent to a place has come to the right one, whatever others call it. */
  @Override
  public boolean unicastDestMismatch(Address dest) {
    return !(dest instanceof IpAddress) && super.unicastDestMismatch(dest);
  }

  /** A connection that the other side has made bears its name, whichever way it has come. */
  private Address way(Address dest) {
    boolean connected = srv != null && srv.connectionEstablishedTo(dest);
    return connected || !(dest instanceof IpAddress name) ? dest : routes.to(name);
  }

  /** Hangs up on who was met at an address that is not the one to speak to it at. */
  void hangUp(IpAddress met) {
    srv.closeConnection(met, false);
  }

  @Override
  public void retainAll(Collection<Address> members) {
    Set<Address> all = new HashSet<>(members);
    members.forEach(member -> all.add(way(member)));
    super.retainAll(all);
  }

  @Override
  public void connectionClosed(Connection connection) {
    super.connectionClosed(connection);
    if (connection.peerAddress() instanceof IpAddress way && !connection.isClosedGracefully()) {
      routes.spokenTo(way).ifPresent(this::suspect);
    }
  }

  private void suspect(IpAddress name) {
    Address member = logical_addr_cache.getByValue(name);
    if (member != null && connected) {
      getThreadPool().execute(() -> up_prot.up(new Event(Event.SUSPECT, List.of(member))));
    }
  }

  @Override
  public void receive(Address sender, DataInput in, int length) throws Exception {
    if (length < 0 || length > MAX_PACKET_BYTES) {
      throw new IllegalArgumentException(
          "packet of " + length + " bytes from " + sender + ", at most " + MAX_PACKET_BYTES);
    }
    byte[] sealed = new byte[length];
    in.readFully(sealed);
    Optional<byte[]> plain = seal.open(sealed);
    if (plain.isPresent()) {
      byte[] bytes = plain.get();
      super.receive(sender, new ByteArrayDataInputStream(bytes, 0, bytes.length), bytes.length);
    } else {
      warnOfStranger(sender);
    }
  }

  @Override
  public void receive(Address sender, byte[] data, int offset, int length) {
    // JGroups' TCP reads from streams only; anything that comes this way is not from its peers.
    warnOfStranger(sender);
  }

  private void warnOfStranger(Address sender) {
    long now = System.nanoTime();
    long due = nextWarning.get();
    if (now - due >= 0 && nextWarning.compareAndSet(due, now + WARN_EVERY_NANOS)) {
      logger.log(
          System.Logger.Level.WARNING,
          "ignored a packet from {0}: it is of another cluster, or its secret differs",
          sender);
    }
  }
}
