package dev.brigade.cluster.plan;

import dev.brigade.spi.transport.NodeId;
import dev.brigade.spi.transport.NodeInfo;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Pairs of members that do not reach each other, as experience tells: each is a member for this
 * node, but not for the other one. Remembered for some time, as nobody says when a link is mended.
 * Owned by the loop.
 */
final class BrokenLinks {
  private static final Duration FIRST = Duration.ofSeconds(30);
  private static final Duration LONGEST = Duration.ofMinutes(16);

  private final NodeId self;
  private final Clock clock;
  private final Map<Set<NodeId>, Instant> until = new LinkedHashMap<>();

  /** Each time that a link is found broken again it is left out for twice as long. */
  private final Map<Set<NodeId>, Duration> spans = new LinkedHashMap<>();

  BrokenLinks(NodeId self, Clock clock) {
    this.self = self;
    this.clock = clock;
  }

  /**
   * Remembers that one node does not reach another.
   *
   * @return for how long that is remembered, if it is news
   */
  Optional<Duration> add(NodeId one, NodeId other) {
    forget();
    if (one.equals(other) || until.containsKey(Set.of(one, other))) {
      return Optional.empty();
    }
    Set<NodeId> link = Set.of(one, other);
    Duration span = spans.merge(link, FIRST, (last, first) -> longer(last));
    until.put(link, clock.instant().plus(span));
    return Optional.of(span);
  }

  private static Duration longer(Duration last) {
    Duration twice = last.multipliedBy(2);
    return twice.compareTo(LONGEST) > 0 ? LONGEST : twice;
  }

  /** Forgets the links of nodes that are gone. */
  void retain(Collection<NodeId> members) {
    until.keySet().removeIf(link -> !members.containsAll(link));
    spans.keySet().removeIf(link -> !members.containsAll(link));
  }

  /** Whether no two of the nodes are known not to reach each other. */
  boolean spares(Collection<NodeId> nodes) {
    forget();
    return until.keySet().stream().noneMatch(nodes::containsAll);
  }

  /** The nodes without those whose links are broken: as few as it takes, and never this one. */
  List<NodeInfo> without(List<NodeInfo> nodes) {
    List<NodeInfo> left = new ArrayList<>(nodes);
    while (!spares(ids(left))) {
      left.remove(worst(left));
    }
    return left;
  }

  private NodeInfo worst(List<NodeInfo> nodes) {
    List<NodeId> ids = ids(nodes);
    List<Set<NodeId>> links = until.keySet().stream().filter(ids::containsAll).toList();
    return nodes.stream()
        .filter(node -> !node.id().equals(self))
        .max(
            Comparator.<NodeInfo>comparingLong(
                    node -> links.stream().filter(link -> link.contains(node.id())).count())
                .thenComparing(NodeInfo::id))
        .orElseThrow();
  }

  private static List<NodeId> ids(List<NodeInfo> nodes) {
    return nodes.stream().map(NodeInfo::id).toList();
  }

  private void forget() {
    Instant now = clock.instant();
    until.values().removeIf(end -> !now.isBefore(end));
  }
}
