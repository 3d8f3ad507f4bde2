package dev.brigade.transport.vertx;

import dev.brigade.spi.transport.Lane;
import dev.brigade.spi.transport.NodeId;
import io.vertx.core.buffer.Buffer;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * One message on the event bus. Messages between nodes are cut into frames, so that a long one on
 * one lane does not hold up a short one on another, and every frame is counted against the credit
 * of its lane.
 */
sealed interface Frame {

  /** Where it comes from. */
  Origin origin();

  /**
   * The sending link and place of a frame.
   *
   * @param sender the node
   * @param epoch number of the sender's link to the receiver; a newer link has a greater one
   * @param lane its lane
   * @param sequence number of the frame within its link and lane, from 1
   */
  record Origin(NodeId sender, long epoch, Lane lane, long sequence) {}

  /** Bytes of the body at the end of a frame: {@code buffer[from, to)}. */
  record Chunk(Buffer buffer, int from, int to) {
    int length() {
      return to - from;
    }
  }

  /**
   * Begins a message.
   *
   * @param exchange number by which an answer finds its request
   * @param parts bytes of each part of the body
   * @param chunk first bytes of the body
   */
  record Opening(
      Origin origin,
      long exchange,
      Subject subject,
      String kind,
      ByteBuffer head,
      List<Integer> parts,
      Chunk chunk)
      implements Frame {}

  /** Goes on with the message of its lane. */
  record Continuation(Origin origin, Chunk chunk) implements Frame {}

  /** The message of its lane will not be finished. */
  record Abandonment(Origin origin) implements Frame {}

  /**
   * Every frame up to {@code origin.sequence()} of the receiver's own link has been taken; {@code
   * origin.epoch()} is that link's.
   */
  record Credit(Origin origin) implements Frame {}

  /** Asks for credit; {@code origin.sequence()} is the last frame sent. */
  record Probe(Origin origin) implements Frame {}
}
