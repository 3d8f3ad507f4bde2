package dev.brigade.discovery.udp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.brigade.spi.discovery.Announcement;
import dev.brigade.spi.transport.Endpoint;
import dev.brigade.spi.transport.NodeId;
import java.nio.ByteBuffer;
import java.util.Arrays;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class BeaconCodecTest {
  private static final Beacon BEACON = Samples.beacon(Samples.node("n1", "0.0.0.0"), 7);
  private final BeaconCodec codec = Samples.codec("s");
  private final byte[] sealed = codec.encode(BEACON);

  @Example
  void whatOneNodeSaysAnotherUnderstands() {
    assertThat(read(codec, sealed)).isEqualTo(new Reading.Heard(BEACON, Seal.Trust.TRUSTED));
    Beacon goodbye = Samples.goodbye(BEACON.sender(), 8);
    assertThat(read(codec, codec.encode(goodbye)))
        .isEqualTo(new Reading.Heard(goodbye, Seal.Trust.TRUSTED));
  }

  @Example
  void theSealTellsWhoKnowsTheSecret() {
    byte[] open = Samples.codecWithoutSecret().encode(BEACON);
    assertThat(trust(Samples.codec("other"), sealed)).isEqualTo(Seal.Trust.FORGED);
    assertThat(trust(codec, open)).isEqualTo(Seal.Trust.UNSEALED);
    assertThat(trust(Samples.codecWithoutSecret(), sealed)).isEqualTo(Seal.Trust.UNVERIFIABLE);
    assertThat(trust(Samples.codecWithoutSecret(), open)).isEqualTo(Seal.Trust.TRUSTED);
  }

  @Property
  void aChangedBitIsNeverTrusted(@ForAll @IntRange(max = 8 * 128) int bit) {
    byte[] changed = sealed.clone();
    int at = bit % (8 * changed.length);
    changed[at / 8] ^= (byte) (1 << at % 8);
    Reading reading = read(codec, changed);
    if (reading instanceof Reading.Heard heard) {
      assertThat(heard.trust()).isNotEqualTo(Seal.Trust.TRUSTED);
    }
  }

  @Property
  void noBytesMakeItThrow(@ForAll @Size(max = 1500) byte[] bytes) {
    assertThat(read(codec, bytes)).isInstanceOf(Reading.Malformed.class);
  }

  @Property
  void noBytesAfterAGoodBeginningMakeItThrow(
      @ForAll @IntRange(max = 128) int kept, @ForAll @Size(max = 300) byte[] tail) {
    int length = Math.min(kept, sealed.length);
    byte[] mixed = Arrays.copyOf(sealed, length + tail.length);
    System.arraycopy(tail, 0, mixed, length, tail.length);
    assertThat(read(codec, mixed)).isNotNull();
  }

  @Example
  void everyLengthButTheRightOneIsMalformed() {
    for (int length = 0; length < sealed.length; length++) {
      assertThat(read(codec, Arrays.copyOf(sealed, length))).isInstanceOf(Reading.Malformed.class);
    }
    assertThat(read(codec, Arrays.copyOf(sealed, sealed.length + 1)))
        .isInstanceOf(Reading.Malformed.class);
  }

  @Example
  void aLayoutOfTheFutureIsRecognised() {
    byte[] future = sealed.clone();
    future[4] = 9;
    assertThat(read(codec, future)).isEqualTo(new Reading.OtherLayout(9));
  }

  @Example
  void theLargestBeaconIsWithinTheBound() {
    String longest = "x".repeat(255);
    Announcement large =
        new Announcement(
            longest, 1, new NodeId("i".repeat(64)), longest, new Endpoint(longest, 65535));
    byte[] bytes = codec.encode(Samples.beacon(large, Long.MAX_VALUE));
    assertThat(bytes.length).isLessThanOrEqualTo(BeaconCodec.MAX_BYTES);
    assertThat(trust(codec, bytes)).isEqualTo(Seal.Trust.TRUSTED);
  }

  @Example
  void whatDoesNotFitIsRefusedByName() {
    Announcement tooLong =
        new Announcement("ü".repeat(128), 1, new NodeId("n"), "name", new Endpoint("10.0.0.1", 1));
    assertThatThrownBy(() -> BeaconCodec.check(tooLong)).hasMessageContaining("cluster has 256");
    Announcement twoLines =
        new Announcement("c", 1, new NodeId("n"), "a\nb", new Endpoint("10.0.0.1", 1));
    assertThatThrownBy(() -> BeaconCodec.check(twoLines))
        .hasMessage("node name contains a control character");
  }

  private static Reading read(BeaconCodec codec, byte[] bytes) {
    return codec.decode(ByteBuffer.wrap(bytes));
  }

  private static Seal.Trust trust(BeaconCodec codec, byte[] bytes) {
    return ((Reading.Heard) read(codec, bytes)).trust();
  }
}
