package dev.brigade.spi.discovery;

import dev.brigade.spi.transport.Endpoint;
import dev.brigade.spi.transport.NodeId;

/**
 * What a discovery tells others of this node.
 *
 * @param cluster name of the cluster; others are ignored
 * @param protocol version of the wire protocol; others are ignored
 * @param id this run of the node
 * @param name its stable name
 * @param endpoint where its transport listens; a wildcard or loopback host means "the address that
 *     the announcement comes from"
 */
public record Announcement(
    String cluster, int protocol, NodeId id, String name, Endpoint endpoint) {
  public Announcement {
    if (cluster.isBlank()) {
      throw new IllegalArgumentException("cluster name is blank");
    }
  }
}
