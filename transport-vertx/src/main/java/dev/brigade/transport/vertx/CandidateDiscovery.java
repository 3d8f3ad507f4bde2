package dev.brigade.transport.vertx;

import dev.brigade.spi.transport.Endpoint;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jgroups.Address;
import org.jgroups.BytesMessage;
import org.jgroups.Event;
import org.jgroups.MergeView;
import org.jgroups.Message;
import org.jgroups.PhysicalAddress;
import org.jgroups.View;
import org.jgroups.protocols.Discovery;
import org.jgroups.protocols.PingData;
import org.jgroups.protocols.PingHeader;
import org.jgroups.stack.IpAddress;
import org.jgroups.util.NameCache;
import org.jgroups.util.Responses;

/**
 * Asks the candidates, anew each time, who is a member; likewise everyone met before, so that a
 * cluster that was torn apart finds together without help. Where nobody listens nothing is sent, so
 * a first node need not wait for answers that cannot come.
 */
final class CandidateDiscovery extends Discovery {
  private final Supplier<Set<Endpoint>> candidates;
  private final Routes routes;
  private final SealedTcp tcp;
  private final Executor blocking;
  private final System.Logger logger;
  private final Set<Address> answered = new HashSet<>();
  private Optional<Waiting> waiting = Optional.empty();

  /** A round of questions before joining, over when all have answered. */
  private record Waiting(Responses responses, int asked) {}

  /**
   * @param routes filled with what is found out about where others listen
   * @param blocking runs connection attempts, each for half a second at most
   */
  CandidateDiscovery(
      Supplier<Set<Endpoint>> candidates,
      Routes routes,
      SealedTcp tcp,
      Executor blocking,
      System.Logger logger) {
    this.candidates = candidates;
    this.routes = routes;
    this.tcp = tcp;
    this.blocking = blocking;
    this.logger = logger;
  }

  @Override
  public boolean isDynamic() {
    // As with a fixed list of hosts, the coordinator has to tell members each other's addresses.
    return false;
  }

  @Override
  protected void findMembers(List<Address> members, boolean initial, Responses responses) {
    if (initial) {
      // Runs on the thread that joins, which may block.
      synchronized (answered) {
        answered.clear();
        waiting = Optional.empty();
      }
      int asked = ask(members, true);
      synchronized (answered) {
        waiting = Optional.of(new Waiting(responses, asked));
        endIfAllAnswered();
      }
    } else {
      // Runs on a timer thread of JGroups, which may not.
      blocking.execute(() -> ask(members, false));
    }
  }

  @Override
  protected Object handle(PingHeader header, Message message) {
    Object result = super.handle(header, message);
    boolean answer = header.type() == PingHeader.GET_MBRS_RSP;
    if (answer || header.initialDiscovery()) {
      // Who asks before joining tells as much of itself as an answer would.
      synchronized (answered) {
        answered.add(message.getSrc());
        endIfAllAnswered();
      }
    }
    if (!answer) {
      answerForOthers(message);
    }
    ReachHeader met = message.getHeader(ReachHeader.ID);
    if (met != null) {
      blocking.execute(() -> met(met, message, answer));
    }
    return result;
  }

  private void met(ReachHeader met, Message message, boolean answer) {
    IpAddress name = (IpAddress) physical(message.getSrc());
    if (name == null) {
      return;
    }
    if (answer) {
      metAt(met.asked(), name);
    } else {
      lead(name, met.asking());
      answer(message.getSrc(), met);
    }
  }

  private void answer(Address to, ReachHeader met) {
    PingData own = new PingData(local_addr, true, NameCache.get(local_addr), self());
    Message answer =
        new BytesMessage(to)
            .setFlag(Message.Flag.DONT_BUNDLE, Message.Flag.OOB)
            .putHeader(getId(), new PingHeader(PingHeader.GET_MBRS_RSP).clusterName(cluster_name))
            .putHeader(ReachHeader.ID, met)
            .setArray(marshal(own));
    down_prot.down(answer);
  }

  /** Whoever was asked at one address is named by another. */
  private void metAt(IpAddress asked, IpAddress name) {
    if (!asked.equals(name)) {
      routes.named(asked, name);
      lead(name, asked);
      if (!routes.to(name).equals(asked)) {
        // The connection would stand in the way of the one to the name.
        tcp.hangUp(asked);
      }
    }
  }

  /** Uses the other address if it leads to the node, and its name does not. */
  private void lead(IpAddress name, IpAddress other) {
    if (!name.equals(other) && !Doors.isOpen(name) && Doors.isOpen(other)) {
      routes.lead(name, other);
      logger.log(System.Logger.Level.INFO, "node at {0} is spoken to at {1}", name, other);
    }
  }

  /** Tells where members are that the sender asks for; JGroups' answers for itself only. */
  private void answerForOthers(Message request) {
    List<PingData> asking =
        readPingData(request.getArray(), request.getOffset(), request.getLength());
    View current = view;
    if (asking == null || current == null) {
      return;
    }
    for (PingData one : asking) {
      Collection<? extends Address> wanted = one.mbrs() == null ? List.of() : one.mbrs();
      for (Address member : wanted) {
        if (!member.equals(local_addr) && current.containsMember(member)) {
          tell(request.getSrc(), member);
        }
      }
    }
  }

  /**
   * When clusters merge, the one new coordinator knows its own old members only; each of the old
   * coordinators introduces its own.
   */
  @Override
  public Object down(Event event) {
    Object result = super.down(event);
    if (event.getType() == Event.VIEW_CHANGE && event.getArg() instanceof MergeView merged) {
      boolean coordinated =
          merged.getSubgroups().stream().anyMatch(group -> local_addr.equals(group.getCoord()));
      if (coordinated) {
        blocking.execute(() -> introduceAll(merged));
      }
    }
    return result;
  }

  private void introduceAll(View members) {
    for (Address to : members) {
      for (Address member : members) {
        if (!to.equals(local_addr) && !to.equals(member)) {
          tell(to, member);
        }
      }
    }
  }

  private void tell(Address to, Address member) {
    PhysicalAddress address = physical(member);
    if (address != null) {
      sendDiscoveryResponse(member, address, NameCache.get(member), to, isCoord(member));
    }
  }

  private void endIfAllAnswered() {
    waiting
        .filter(round -> answered.size() >= round.asked())
        .ifPresent(round -> round.responses().done());
  }

  /** Asks everyone; how many could be. */
  private int ask(List<Address> members, boolean initial) {
    List<CompletableFuture<Boolean>> asked =
        targets().stream()
            .map(
                target ->
                    CompletableFuture.supplyAsync(() -> ask(target, members, initial), blocking))
            .toList();
    return (int) asked.stream().filter(CompletableFuture::join).count();
  }

  private boolean ask(IpAddress target, List<Address> members, boolean initial) {
    Optional<InetAddress> here = Doors.knock(routes.to(target));
    if (here.isEmpty()) {
      return false;
    }
    PingData self = new PingData(local_addr, false, NameCache.get(local_addr), self());
    if (members != null && members.size() <= max_members_in_discovery_request) {
      self.mbrs(members);
    }
    PingHeader header =
        new PingHeader(PingHeader.GET_MBRS_REQ).clusterName(cluster_name).initialDiscovery(initial);
    Message request =
        new BytesMessage(target)
            .setFlag(Message.Flag.DONT_BUNDLE, Message.Flag.OOB)
            .setFlag(Message.TransientFlag.DONT_LOOPBACK)
            .putHeader(getId(), header)
            .putHeader(ReachHeader.ID, new ReachHeader(target, listeningAt(here.get())))
            .setArray(marshal(self));
    down_prot.down(request);
    return true;
  }

  /** Where this node listens on a network. */
  private IpAddress listeningAt(InetAddress own) {
    IpAddress name = (IpAddress) self();
    boolean everywhere = getTransport().getBindAddress().isAnyLocalAddress();
    return everywhere ? new IpAddress(own, name.getPort()) : name;
  }

  /** Everyone worth asking; resolves host names, hence blocks. */
  private Set<IpAddress> targets() {
    Set<IpAddress> targets = new LinkedHashSet<>();
    candidates.get().stream()
        .flatMap(candidate -> resolve(candidate).stream())
        .filter(found -> !isSelf(found))
        .map(found -> routes.name(found).orElse(found))
        .forEach(targets::add);
    known().forEach(targets::add);
    targets.remove(self());
    return targets;
  }

  private boolean isSelf(IpAddress found) {
    return getTransport().getBindAddress().isAnyLocalAddress()
        && found.getPort() == ((IpAddress) self()).getPort()
        && Doors.isOwn(found);
  }

  /** Whether a candidate, or someone met before, is not among {@code members}. */
  boolean seesStrangers(Set<PhysicalAddress> members, Set<IpAddress> ignored) {
    Set<IpAddress> strangers = targets();
    strangers.removeIf(members::contains);
    ignored.retainAll(strangers);
    return ignored.addAll(strangers);
  }

  PhysicalAddress physical(Address member) {
    return (PhysicalAddress) down_prot.down(new Event(Event.GET_PHYSICAL_ADDRESS, member));
  }

  private PhysicalAddress self() {
    return physical(local_addr);
  }

  @SuppressWarnings("unchecked") // JGroups' events are untyped; this one answers with addresses
  private List<IpAddress> known() {
    Object known = down_prot.down(new Event(Event.GET_PHYSICAL_ADDRESSES));
    return known == null
        ? List.of()
        : ((Collection<PhysicalAddress>) known)
            .stream().filter(IpAddress.class::isInstance).map(IpAddress.class::cast).toList();
  }

  private static Optional<IpAddress> resolve(Endpoint endpoint) {
    try {
      return Optional.of(new IpAddress(InetAddress.getByName(endpoint.host()), endpoint.port()));
    } catch (UnknownHostException e) {
      return Optional.empty();
    }
  }
}
