package dev.brigade.transport.vertx;

import dev.brigade.spi.transport.Lane;
import dev.brigade.transport.vertx.Frame.Abandonment;
import dev.brigade.transport.vertx.Frame.Continuation;
import dev.brigade.transport.vertx.Frame.Opening;
import dev.brigade.transport.vertx.Frame.Origin;
import dev.brigade.transport.vertx.Frame.Probe;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What comes on one lane from one node: checks the order, puts messages together and gives credit.
 * A frame that is old is dropped, so that nothing arrives twice; a gap drops the message it is in.
 * Belongs to the loop.
 */
final class Inbound {
  private final Lane lane;
  private final long maxMessageBytes;
  private final Consumer<Opening> tooLong;
  private long epoch;
  private long taken;
  private long owed;
  private Optional<Assembly> assembly = Optional.empty();

  /** {@code tooLong} is told of messages that are longer than {@code maxMessageBytes}. */
  Inbound(Lane lane, long maxMessageBytes, Consumer<Opening> tooLong) {
    this.lane = lane;
    this.maxMessageBytes = maxMessageBytes;
    this.tooLong = tooLong;
  }

  /** Takes a frame with {@code bytes} in all; gives the message that it completes. */
  Optional<Assembly> take(Frame frame, int bytes, Link back) throws MalformedFrameException {
    Origin origin = frame.origin();
    if (origin.epoch() < epoch) {
      return Optional.empty();
    }
    if (origin.epoch() > epoch) {
      epoch = origin.epoch();
      taken = origin.sequence() - 1;
      owed = 0;
      assembly = Optional.empty();
    }
    if (frame instanceof Probe) {
      skipTo(origin.sequence());
      giveCredit(back);
      return Optional.empty();
    }
    if (origin.sequence() <= taken) {
      return Optional.empty();
    }
    skipTo(origin.sequence() - 1);
    taken = origin.sequence();
    owed += bytes;
    if (owed >= LaneQueue.WINDOW_BYTES / 4) {
      giveCredit(back);
    }
    return assemble(frame);
  }

  private void skipTo(long sequence) {
    if (sequence > taken) {
      taken = sequence;
      assembly = Optional.empty();
    }
  }

  private void giveCredit(Link back) {
    owed = 0;
    back.giveCredit(epoch, lane, taken);
  }

  private Optional<Assembly> assemble(Frame frame) throws MalformedFrameException {
    Optional<Assembly> current = assembly;
    assembly = Optional.empty();
    if (frame instanceof Opening opening) {
      if (Assembly.bodyBytes(opening) > maxMessageBytes) {
        tooLong.accept(opening);
        return Optional.empty();
      }
      current = Optional.of(new Assembly(opening));
    } else if (frame instanceof Continuation continuation && current.isPresent()) {
      current.get().add(continuation.chunk());
    } else if (frame instanceof Abandonment || current.isEmpty()) {
      // The rest of a message whose beginning was refused or lost.
      return Optional.empty();
    }
    if (current.get().isDone()) {
      return current;
    }
    assembly = current;
    return Optional.empty();
  }
}
