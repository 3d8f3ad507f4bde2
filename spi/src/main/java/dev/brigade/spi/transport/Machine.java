package dev.brigade.spi.transport;

/**
 * A machine that one or more nodes run on.
 *
 * @param id the same for all nodes of one machine, different between machines
 * @param memoryBytes what all of its nodes together may use
 */
public record Machine(String id, long memoryBytes) {
  public Machine {
    if (id.isBlank()) {
      throw new IllegalArgumentException("machine id is blank");
    }
    if (memoryBytes < 0) {
      throw new IllegalArgumentException("machine memory is negative: " + memoryBytes + " bytes");
    }
  }
}
