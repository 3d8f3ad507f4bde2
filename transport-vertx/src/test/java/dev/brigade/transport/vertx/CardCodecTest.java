package dev.brigade.transport.vertx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.brigade.spi.transport.Endpoint;
import dev.brigade.testkit.TransportMember;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class CardCodecTest {
  private static final Card CARD =
      new Card(
          3,
          "127.0.0.1",
          4711,
          Bus.inbox(),
          List.of(new Registration("address", 8)),
          TransportMember.info("näme", new Endpoint("::1", 52416)));

  @Test
  void aCardIsReadAsItWasWritten() throws Exception {
    byte[] bytes = CardCodec.encode(CARD);

    assertThat(CardCodec.decode(bytes, 0, bytes.length)).isEqualTo(CARD);
  }

  @Test
  void aCutCardIsNone() {
    byte[] bytes = CardCodec.encode(CARD);
    for (int length = 0; length < bytes.length; length++) {
      int cut = length;
      assertThatThrownBy(() -> CardCodec.decode(bytes, 0, cut)).isInstanceOf(IOException.class);
    }
  }
}
