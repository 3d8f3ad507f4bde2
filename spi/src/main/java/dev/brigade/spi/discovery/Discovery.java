package dev.brigade.spi.discovery;

import dev.brigade.spi.transport.Endpoint;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Looks for nodes.
 *
 * <p>Rules, each of which the conformance kit checks:
 *
 * <ol>
 *   <li>{@link #start} returns at once and reports from a thread of the discovery's own.
 *   <li>Each report is the whole set known now, without this node itself; it is made whenever the
 *       set changes, and at least once.
 *   <li>What cannot be authenticated is not reported. A node of another cluster or protocol is
 *       ignored, with one log line for each such node.
 *   <li>A candidate that has not been heard of for a while is dropped.
 *   <li>{@link #close} is idempotent; no report is made after it has returned.
 * </ol>
 */
public interface Discovery extends AutoCloseable {

  /** Begins to announce this node and to look for others. Called once. */
  void start(Announcement self, Consumer<Set<Endpoint>> candidates);

  @Override
  void close();
}
