package dev.brigade.transport.vertx;

import dev.brigade.spi.transport.NodeId;
import dev.brigade.spi.transport.NodeInfo;
import java.util.List;

/**
 * What members tell each other of themselves by JGroups; a member shows in views once its card is
 * there.
 *
 * @param version grows with every card of one node
 * @param busHost where its event bus listens
 * @param busPort where its event bus listens
 * @param inbox event bus address it takes frames on; cannot be guessed
 * @param registrations every address it has on the event bus, the inbox included
 */
record Card(
    long version,
    String busHost,
    int busPort,
    String inbox,
    List<Registration> registrations,
    NodeInfo info) {
  Card {
    registrations = List.copyOf(registrations);
  }

  NodeId id() {
    return info.id();
  }

  Card announcing(NodeInfo newInfo) {
    return new Card(version + 1, busHost, busPort, inbox, registrations, newInfo);
  }
}
