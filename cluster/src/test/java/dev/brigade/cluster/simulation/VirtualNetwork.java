package dev.brigade.cluster.simulation;

import dev.brigade.spi.transport.NodeId;
import dev.brigade.spi.transport.Transport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A network that delays, reorders, duplicates and loses messages, and whose links can be cut in one
 * direction or both: worse than a transport may be, so that nothing hinges on its virtues.
 *
 * <p>Who is a member: each node sees those with whom messages go both ways. It learns of a death
 * after a second, of silence after some seconds, and of those who are back after some more; so
 * views are late, differ for a while, and may never show that somebody was away.
 */
final class VirtualNetwork {
  private static final Duration DEATH = Duration.ofMillis(900);
  private static final Duration SILENCE = Duration.ofSeconds(3);
  private static final Duration MERGE = Duration.ofSeconds(3);
  private static final Duration FAREWELL = Duration.ofMillis(5);

  private final VirtualWorld world;
  private final Faults faults;

  /** In the order in which all list them. */
  private final List<VirtualTransport> members = new ArrayList<>();

  private final Set<Direction> cuts = new HashSet<>();
  private int ports;

  private record Direction(VirtualProcess from, VirtualProcess to) {}

  VirtualNetwork(VirtualWorld world, Faults faults) {
    this.world = world;
    this.faults = faults;
  }

  Transport transport(VirtualProcess process) {
    return new VirtualTransport(this, process, ++ports);
  }

  VirtualWorld world() {
    return world;
  }

  Faults faults() {
    return faults;
  }

  /** Cuts one direction of a link. */
  void cut(VirtualProcess from, VirtualProcess to) {
    cuts.add(new Direction(from, to));
    lookAfter(SILENCE);
  }

  /** Mends one direction of a link. */
  void mend(VirtualProcess from, VirtualProcess to) {
    cuts.remove(new Direction(from, to));
    lookAfter(world.upTo(MERGE));
  }

  void stopped() {
    lookAfter(SILENCE);
  }

  /** A process runs again: it is a member again at the end of a list, or nobody has noticed. */
  void resumed(VirtualProcess process) {
    if (world.random().nextBoolean()) {
      List<VirtualTransport> back =
          members.stream().filter(member -> member.process() == process).toList();
      members.removeAll(back);
      members.addAll(back);
    }
    lookAfter(world.upTo(MERGE));
  }

  void killed() {
    lookAfter(DEATH);
  }

  void joined(VirtualTransport transport) {
    members.add(transport);
    look();
  }

  void announced() {
    look();
  }

  void left(VirtualTransport transport) {
    if (members.remove(transport)) {
      lookAfter(FAREWELL);
    }
  }

  Optional<VirtualTransport> member(NodeId id) {
    return members.stream().filter(member -> member.self().id().equals(id)).findFirst();
  }

  boolean carries(VirtualProcess from, VirtualProcess to) {
    return !cuts.contains(new Direction(from, to));
  }

  private void lookAfter(Duration delay) {
    world.after(delay, this::look);
  }

  /** Each that runs sees who is there now. */
  private void look() {
    members.removeIf(member -> member.process().isDead());
    for (VirtualTransport member : members) {
      if (member.process().runs()) {
        member.sees(
            members.stream()
                .filter(other -> other == member || hearEachOther(member, other))
                .map(VirtualTransport::self)
                .toList());
      }
    }
  }

  private boolean hearEachOther(VirtualTransport one, VirtualTransport other) {
    return other.process().runs()
        && carries(one.process(), other.process())
        && carries(other.process(), one.process());
  }
}
