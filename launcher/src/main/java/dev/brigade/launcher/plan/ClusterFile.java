package dev.brigade.launcher.plan;

import dev.brigade.launcher.config.ConfigException;
import dev.brigade.launcher.config.ConfigFile;
import dev.brigade.launcher.config.KeyPath;
import dev.brigade.launcher.config.RecordBinder;
import dev.brigade.spi.partition.Link;
import dev.brigade.spi.transport.NodeId;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A cluster that need not exist, written down by a person.
 *
 * @param links what connects them; what is left out is assumed
 */
public record ClusterFile(List<HypotheticalNode> nodes, Optional<List<Connection>> links) {

  /**
   * A connection, the same in both directions.
   *
   * @param bandwidth bytes per second
   */
  public record Connection(
      String from, String to, Optional<Duration> roundTrip, Optional<Long> bandwidth) {
    private static final Duration USUAL_ROUND_TRIP = Duration.ofMillis(1);
    private static final long USUAL_BANDWIDTH = 100_000_000;

    public Connection {
      if (bandwidth.filter(bytes -> bytes < 1).isPresent()) {
        throw new IllegalArgumentException("bandwidth is " + bandwidth.get() + " bytes per second");
      }
    }

    private List<Link> both() {
      Duration time = roundTrip.orElse(USUAL_ROUND_TRIP);
      long rate = bandwidth.orElse(USUAL_BANDWIDTH);
      return List.of(
          new Link(new NodeId(from), new NodeId(to), time, rate),
          new Link(new NodeId(to), new NodeId(from), time, rate));
    }
  }

  /**
   * Reads a file.
   *
   * @throws ConfigException if a key or a value makes no sense; names it
   */
  public static PlanNodes read(Path file) throws ConfigException {
    String name = file.toString();
    ClusterFile cluster =
        new RecordBinder(name).bind(ConfigFile.read(file), KeyPath.ROOT, ClusterFile.class);
    Set<String> names = new HashSet<>();
    for (HypotheticalNode node : cluster.nodes) {
      if (!names.add(node.name())) {
        throw new ConfigException(name, "two nodes are called '" + node.name() + "'");
      }
    }
    List<Link> links = new ArrayList<>();
    for (Connection connection : cluster.links.orElse(List.of())) {
      for (String end : List.of(connection.from(), connection.to())) {
        if (!names.contains(end)) {
          throw new ConfigException(name, "a link names '" + end + "'; the nodes are " + names);
        }
      }
      links.addAll(connection.both());
    }
    return new PlanNodes(name, cluster.nodes.stream().map(HypotheticalNode::info).toList(), links);
  }
}
