package dev.brigade.spi.transport;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * Ordered membership, and messages that are bounded and answered.
 *
 * <p>Rules, each of which the conformance kit checks:
 *
 * <ol>
 *   <li>{@link Listener#view} is called for every change of membership or announcement, one call at
 *       a time, with a number greater than the last. The first view has at least this node.
 *   <li>Members that see the same membership list it in the same order.
 *   <li>Messages of one lane between two nodes arrive in the order of their {@link #send} calls,
 *       and each at most once. A megabyte on {@link Lane#BULK} does not hold up {@link
 *       Lane#DECODE}.
 *   <li>Every {@link #send} completes: with the receiver's answer, or exceptionally with a {@link
 *       TransportException}, at the latest when its deadline has passed.
 *   <li>What is in flight to one node is bounded; a send beyond the bound is refused at once.
 *   <li>Listener methods run on the transport's threads and must not block.
 *   <li>Only members of the same cluster, proven by the secret, are ever heard. Without a secret
 *       the transport binds loopback only: {@link #bind} refuses any other host.
 *   <li>{@link #close} is idempotent, tells the others, and completes all open sends with {@link
 *       TransportException.Refused} or {@link TransportException.NodeLost}; later sends fail alike.
 * </ol>
 */
public interface Transport extends AutoCloseable {

  /**
   * Binds the listening sockets; before {@link #start}, so that the address can be announced.
   *
   * @return where others reach this transport; a configured port 0 is replaced by the real one
   * @throws TransportException if the address cannot be bound, or is not allowed
   */
  Endpoint bind() throws TransportException;

  /**
   * Joins whoever of the candidates is there, or starts a cluster of one. Returns at once; the
   * first view tells that it is done.
   *
   * @param self announced to all members; its address is what {@link #bind} gave
   * @param candidates where members might be, asked again whenever the transport looks for them
   */
  void start(NodeInfo self, Supplier<Set<Endpoint>> candidates, Listener listener);

  /** Tells all members what has changed about this node. */
  void announce(NodeInfo self);

  /**
   * Sends a message and waits for its answer, without blocking. A node may send to itself.
   *
   * @param deadline for the answer
   * @return the answer, or exceptionally a {@link TransportException}
   */
  CompletionStage<Message> send(NodeId to, Message message, Duration deadline);

  @Override
  void close();

  /** Is told of views and messages. */
  interface Listener {

    /** The membership has changed. */
    void view(View view);

    /**
     * A message has come. Its sender is in a view that was shown before.
     *
     * @return the answer, whose buffers are the transport's from then on; completing it
     *     exceptionally with {@link TransportException.Refused} tells the sender why, any other
     *     exception is told as an internal error
     */
    CompletionStage<Message> received(NodeId from, Message message);
  }
}
