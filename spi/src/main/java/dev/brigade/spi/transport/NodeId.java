package dev.brigade.spi.transport;

/**
 * Identifies one run of one node: new at every process start.
 *
 * @param value 1 to 64 letters, digits, {@code -} or {@code _}
 */
public record NodeId(String value) implements Comparable<NodeId> {
  public NodeId {
    if (!value.matches("[A-Za-z0-9_-]{1,64}")) {
      throw new IllegalArgumentException("node id '" + value + "' is not 1..64 of [A-Za-z0-9_-]");
    }
  }

  @Override
  public int compareTo(NodeId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
