package dev.brigade.transport.vertx;

import dev.brigade.spi.transport.Lane;
import dev.brigade.spi.transport.NodeId;
import dev.brigade.transport.vertx.Frame.Opening;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Consumer;

/** A member, for as long as it is one: the link to it, what comes from it, what it owes. */
final class Peer {
  private static final int MESSAGES_OF_FULL_LENGTH = 4;

  private final NodeId id;
  private final Link link;
  private final Map<Lane, Inbound> inbound = new EnumMap<>(Lane.class);
  private final Map<Lane, Budget> budgets = new EnumMap<>(Lane.class);

  Peer(NodeId id, Link link, long maxMessageBytes, Consumer<Opening> tooLong) {
    this.id = id;
    this.link = link;
    for (Lane lane : Lane.values()) {
      inbound.put(lane, new Inbound(lane, maxMessageBytes, tooLong));
      budgets.put(lane, new Budget(MESSAGES_OF_FULL_LENGTH * maxMessageBytes));
    }
  }

  NodeId id() {
    return id;
  }

  Link link() {
    return link;
  }

  Inbound inbound(Lane lane) {
    return inbound.get(lane);
  }

  Budget budget(Lane lane) {
    return budgets.get(lane);
  }
}
