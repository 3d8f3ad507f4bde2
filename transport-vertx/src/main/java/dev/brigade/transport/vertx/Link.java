package dev.brigade.transport.vertx;

import dev.brigade.spi.Timer;
import dev.brigade.spi.transport.Lane;
import dev.brigade.spi.transport.NodeId;
import dev.brigade.transport.vertx.Frame.Origin;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The way from this node to another: frames of urgent lanes go first, each lane only as far as its
 * credit. Belongs to the loop.
 */
final class Link {
  /** A lane that got no credit for so long asks for it: frames may have been lost with a socket. */
  private static final Duration PROBE_AFTER = Duration.ofSeconds(1);

  private final NodeId self;
  private final long epoch;
  private final Consumer<Buffer> wire;
  private final Timer timer;
  private final Loop loop;
  private final Map<Lane, LaneQueue> lanes = new EnumMap<>(Lane.class);
  private boolean probing;
  private boolean closed;

  Link(NodeId self, long epoch, Consumer<Buffer> wire, Timer timer, Loop loop) {
    this.self = self;
    this.epoch = epoch;
    this.wire = wire;
    this.timer = timer;
    this.loop = loop;
    for (Lane lane : Lane.values()) {
      lanes.put(lane, new LaneQueue());
    }
  }

  void send(Outgoing outgoing) {
    lanes.get(outgoing.message().lane()).add(outgoing);
    pump();
  }

  /** Frames up to {@code sequence} were taken; ignored if they are of an older link. */
  void credit(long ofEpoch, Lane lane, long sequence) {
    if (ofEpoch == epoch) {
      lanes.get(lane).taken(sequence);
      pump();
    }
  }

  /** Tells the other side how far its frames were taken; needs no credit itself. */
  void giveCredit(long ofEpoch, Lane lane, long sequence) {
    wire.accept(FrameCodec.credit(new Origin(self, ofEpoch, lane, sequence)));
  }

  /** Sends nothing any more. */
  void close() {
    closed = true;
  }

  private void pump() {
    boolean starved = false;
    for (Map.Entry<Lane, LaneQueue> entry : lanes.entrySet()) {
      LaneQueue queue = entry.getValue();
      while (!closed && !queue.isEmpty() && queue.hasCredit()) {
        sendOne(entry.getKey(), queue);
      }
      starved |= !queue.isEmpty();
    }
    if (starved && !closed && !probing) {
      probing = true;
      timer.schedule(PROBE_AFTER, () -> loop.run(this::probe));
    }
  }

  private void sendOne(Lane lane, LaneQueue queue) {
    Outgoing outgoing = queue.first();
    Origin origin = new Origin(self, epoch, lane, queue.nextSequence());
    if (outgoing.isAbandoned()) {
      queue.removeFirst();
      if (outgoing.isOpened()) {
        write(queue, FrameCodec.abandonment(origin));
      }
      return;
    }
    Buffer frame = outgoing.nextFrame(origin);
    if (outgoing.isDone()) {
      queue.removeFirst();
    }
    write(queue, frame);
  }

  private void write(LaneQueue queue, Buffer frame) {
    queue.sent(frame.length());
    wire.accept(frame);
  }

  private void probe() {
    probing = false;
    for (Map.Entry<Lane, LaneQueue> entry : lanes.entrySet()) {
      LaneQueue queue = entry.getValue();
      if (!closed && !queue.isEmpty() && !queue.hasCredit()) {
        Origin origin = new Origin(self, epoch, entry.getKey(), queue.lastSequence());
        wire.accept(FrameCodec.probe(origin));
      }
    }
    pump();
  }
}
