package dev.brigade.transport.vertx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.brigade.spi.transport.Lane;
import dev.brigade.spi.transport.Message;
import dev.brigade.spi.transport.NodeId;
import dev.brigade.testkit.TransportMember;
import dev.brigade.transport.vertx.Frame.Opening;
import dev.brigade.transport.vertx.Frame.Origin;
import io.vertx.core.buffer.Buffer;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** One lane's frames as a faulty wire might deliver them. */
class InboundTest {
  private static final long LIMIT = 1 << 20;
  private static final NodeId SENDER = new NodeId("sender");

  private final List<Frame> credits = new ArrayList<>();
  private final List<Opening> tooLong = new ArrayList<>();
  private final Link back =
      new Link(
          new NodeId("receiver"),
          1,
          frame -> {
            try {
              credits.add(FrameCodec.decode(frame));
            } catch (MalformedFrameException e) {
              throw new AssertionError(e);
            }
          },
          (delay, task) -> () -> {},
          null);
  private final Inbound inbound = new Inbound(Lane.BULK, LIMIT, tooLong::add);

  /** The frames of a message of three chunks, from {@code first} on. */
  private static List<Buffer> threeFrames(long epoch, long first) {
    Message message =
        TransportMember.message(
            Lane.BULK, "m" + first, ByteBuffer.allocate(2 * Outgoing.CHUNK_BYTES + 1));
    return frames(message, epoch, first);
  }

  private static List<Buffer> frames(Message message, long epoch, long first) {
    Outgoing outgoing = new Outgoing(first, Subject.REQUEST, message, () -> false);
    List<Buffer> frames = new ArrayList<>();
    while (!outgoing.isDone()) {
      frames.add(outgoing.nextFrame(new Origin(SENDER, epoch, Lane.BULK, first + frames.size())));
    }
    return frames;
  }

  private Optional<Assembly> take(Buffer frame) throws MalformedFrameException {
    return inbound.take(FrameCodec.decode(frame), frame.length(), back);
  }

  @Test
  void theLastFrameCompletesTheMessage() throws Exception {
    List<Buffer> frames = threeFrames(1, 1);

    assertThat(take(frames.get(0))).isEmpty();
    assertThat(take(frames.get(1))).isEmpty();
    assertThat(take(frames.get(2)))
        .hasValueSatisfying(whole -> assertThat(whole.opening().exchange()).isEqualTo(1));
  }

  @Test
  void aRepeatedFrameChangesNothing() throws Exception {
    for (Buffer frame : threeFrames(1, 1)) {
      take(frame);
      assertThat(take(frame)).isEmpty();
    }
  }

  @Test
  void aLostFrameCostsItsMessageOnly() throws Exception {
    List<Buffer> broken = threeFrames(1, 1);
    take(broken.get(0));
    assertThat(take(broken.get(2))).isEmpty();

    List<Buffer> next = threeFrames(1, 4);
    take(next.get(0));
    take(next.get(1));
    assertThat(take(next.get(2))).isPresent();
  }

  @Test
  void anOlderLinkIsNotHeardAnyMore() throws Exception {
    List<Buffer> old = threeFrames(1, 1);
    take(old.get(0));
    List<Buffer> fresh = threeFrames(2, 1);
    take(fresh.get(0));

    take(old.get(1));
    assertThat(take(old.get(2))).isEmpty();
    take(fresh.get(1));
    assertThat(take(fresh.get(2))).isPresent();
  }

  @Test
  void creditComesBeforeTheWindowIsUsedUp() throws Exception {
    long first = 1;
    for (int bytes = 0; bytes < LaneQueue.WINDOW_BYTES; bytes += 2 * Outgoing.CHUNK_BYTES) {
      for (Buffer frame : threeFrames(1, first)) {
        take(frame);
      }
      first += 3;
    }

    assertThat(credits)
        .isNotEmpty()
        .allSatisfy(f -> assertThat(f).isInstanceOf(Frame.Credit.class));
  }

  @Test
  void aProbeIsAnsweredWithCreditForWhatWasLost() throws Exception {
    take(threeFrames(1, 1).get(0));

    take(FrameCodec.probe(new Origin(SENDER, 1, Lane.BULK, 9)));

    assertThat(credits.get(credits.size() - 1).origin().sequence()).isEqualTo(9);
  }

  @Test
  void aMessageBeyondTheLimitIsToldAndNotPutTogether() throws Exception {
    Message message =
        TransportMember.message(Lane.BULK, "long", ByteBuffer.allocate((int) LIMIT + 1));

    for (Buffer frame : frames(message, 1, 1)) {
      assertThat(take(frame)).isEmpty();
    }

    assertThat(tooLong).hasSize(1);
  }
}
