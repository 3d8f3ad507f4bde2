package dev.brigade.spi.transport;

import java.util.List;
import java.util.Optional;

/**
 * Who is a member now.
 *
 * @param number grows with every view that this node sees
 * @param members in the same order on every member that sees the same view, oldest first; this node
 *     included
 */
public record View(long number, List<NodeInfo> members) {
  public View {
    members = List.copyOf(members);
  }

  /** The member with this id. */
  public Optional<NodeInfo> member(NodeId id) {
    return members.stream().filter(member -> member.id().equals(id)).findFirst();
  }
}
