package dev.brigade.spi;

import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;

/**
 * What the node lends to its plugins. A plugin takes time, timers and secrets from here and from
 * nowhere else, so that a simulator can put it under a virtual clock.
 */
public interface Host {

  /** The time. */
  Clock clock();

  /** Runs things later. */
  Timer timer();

  /** A logger that carries the node's context; {@code name} is the plugin's class or topic. */
  System.Logger logger(String name);

  /** A folder for files that can be made again, created on first use, shared with other nodes. */
  Path cache();

  /**
   * Name of the cluster this node belongs to, never blank. Nodes of different clusters ignore each
   * other wherever they meet.
   */
  String cluster();

  /** The cluster's secret; empty if the node has none and therefore must stay on loopback. */
  Optional<ClusterSecret> secret();
}
