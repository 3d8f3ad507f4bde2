package dev.brigade.transport.vertx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.brigade.spi.transport.Lane;
import dev.brigade.spi.transport.Message;
import dev.brigade.spi.transport.NodeId;
import dev.brigade.testkit.TransportMember;
import dev.brigade.transport.vertx.Frame.Opening;
import dev.brigade.transport.vertx.Frame.Origin;
import io.vertx.core.buffer.Buffer;
import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FrameCodecTest {
  private static final Origin ORIGIN = new Origin(new NodeId("n1"), 7, Lane.DECODE, 42);

  private static Buffer opening() {
    Message message =
        TransportMember.message(Lane.DECODE, "head", ByteBuffer.wrap(new byte[] {1, 2, 3}));
    return new Outgoing(5, Subject.REQUEST, message, () -> false).nextFrame(ORIGIN);
  }

  @Test
  void anOpeningIsReadAsItWasWritten() throws Exception {
    Opening opening = (Opening) FrameCodec.decode(opening());

    assertThat(opening.origin()).isEqualTo(ORIGIN);
    assertThat(opening.exchange()).isEqualTo(5);
    assertThat(opening.subject()).isEqualTo(Subject.REQUEST);
    assertThat(opening.kind()).isEqualTo("test");
    assertThat(opening.parts()).containsExactly(3);
    assertThat(new Assembly(opening).message().body())
        .containsExactly(ByteBuffer.wrap(new byte[] {1, 2, 3}));
  }

  @Test
  void theOtherFramesAreReadAsTheyWereWritten() throws Exception {
    assertThat(FrameCodec.decode(FrameCodec.credit(ORIGIN))).isEqualTo(new Frame.Credit(ORIGIN));
    assertThat(FrameCodec.decode(FrameCodec.probe(ORIGIN))).isEqualTo(new Frame.Probe(ORIGIN));
    assertThat(FrameCodec.decode(FrameCodec.abandonment(ORIGIN)))
        .isEqualTo(new Frame.Abandonment(ORIGIN));
    assertThat(FrameCodec.decode(FrameCodec.continuation(ORIGIN, 0)))
        .isInstanceOf(Frame.Continuation.class);
  }

  @Test
  void aTruncatedHeaderIsMalformed() {
    Buffer whole = opening();
    int header = 4 + whole.getInt(0);

    for (int length = 0; length < header; length++) {
      Buffer cut = whole.getBuffer(0, length);
      assertThatThrownBy(() -> FrameCodec.decode(cut)).isInstanceOf(MalformedFrameException.class);
    }
  }

  @Test
  void aFrameOfAnotherVersionIsMalformed() {
    Buffer other = opening().setByte(4, (byte) 2);

    assertThatThrownBy(() -> FrameCodec.decode(other))
        .isInstanceOf(MalformedFrameException.class)
        .hasMessageContaining("version 2");
  }

  @Test
  void moreBodyThanAnnouncedIsMalformed() throws Exception {
    Opening opening = (Opening) FrameCodec.decode(opening().appendByte((byte) 4));

    assertThatThrownBy(() -> new Assembly(opening)).isInstanceOf(MalformedFrameException.class);
  }

  @Test
  void garbageIsMalformedAndNothingElse() {
    Random random = new Random(1);
    for (int i = 0; i < 20_000; i++) {
      Buffer garbled = opening();
      for (int hits = random.nextInt(4); hits >= 0; hits--) {
        garbled.setByte(random.nextInt(garbled.length()), (byte) random.nextInt());
      }
      try {
        FrameCodec.decode(garbled);
      } catch (MalformedFrameException e) {
        assertThat(e).hasMessageMatching("(?s).+");
      }
    }
  }
}
