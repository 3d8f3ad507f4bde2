package dev.brigade.discovery.udp;

import dev.brigade.spi.discovery.Announcement;
import dev.brigade.spi.transport.Endpoint;
import dev.brigade.spi.transport.NodeId;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;

/**
 * Beacons as bytes, big-endian:
 *
 * <pre>
 * "BRIG"  layout u8  kind u8  sealed u8  protocol i32  sent i64 [ms]  sequence i64  interval i32 [ms]
 * cluster str  id str  name str  host str  port u16  (seal 32 bytes over all before, if sealed)
 * </pre>
 *
 * where {@code str} is a length u8 and as many bytes of UTF-8 without control characters. At most
 * 1089 bytes, so that no network fragments it. For one thread.
 */
final class BeaconCodec {
  static final int LAYOUT = 1;
  static final int MAX_BYTES = 4 + 3 + 4 + 8 + 8 + 4 + 4 * 256 + 2 + Seal.BYTES;
  private static final int MAGIC = 0x42524947;
  private static final int MAX_TEXT_BYTES = 255;
  private final Seal seal;

  BeaconCodec(Seal seal) {
    this.seal = seal;
  }

  /**
   * Checks that these words fit a beacon.
   *
   * @throws IllegalArgumentException naming the one that does not
   */
  static void check(Announcement self) {
    utf8("cluster", self.cluster());
    utf8("node name", self.name());
    utf8("endpoint host", self.endpoint().host());
  }

  byte[] encode(Beacon beacon) {
    Announcement sender = beacon.sender();
    ByteBuffer out = ByteBuffer.allocate(MAX_BYTES);
    out.putInt(MAGIC).put((byte) LAYOUT).put((byte) (beacon.kind().ordinal() + 1));
    out.put((byte) (seal.isUsed() ? 1 : 0)).putInt(sender.protocol());
    out.putLong(beacon.sentAt().toEpochMilli()).putLong(beacon.sequence());
    out.putInt((int) beacon.interval().toMillis());
    put(out, utf8("cluster", sender.cluster()));
    put(out, utf8("node id", sender.id().value()));
    put(out, utf8("node name", sender.name()));
    put(out, utf8("endpoint host", sender.endpoint().host()));
    out.putShort((short) sender.endpoint().port());
    if (seal.isUsed()) {
      out.put(seal.of(out.duplicate().flip()));
    }
    return Arrays.copyOf(out.array(), out.position());
  }

  /** Reads what lies between position and limit; never throws, whatever that is. */
  Reading decode(ByteBuffer in) {
    ByteBuffer message = in.slice();
    try {
      if (message.getInt() != MAGIC) {
        return new Reading.Malformed("it is no beacon");
      }
      int layout = Byte.toUnsignedInt(message.get());
      return layout == LAYOUT ? body(message) : new Reading.OtherLayout(layout);
    } catch (BufferUnderflowException e) {
      return new Reading.Malformed("it is cut off");
    } catch (CharacterCodingException e) {
      return new Reading.Malformed("its text is no UTF-8");
    } catch (IllegalArgumentException e) {
      return new Reading.Malformed(e.getMessage());
    }
  }

  private Reading body(ByteBuffer in) throws CharacterCodingException {
    Beacon.Kind kind = kind(in.get());
    boolean sealed = flag(in.get());
    int protocol = in.getInt();
    Instant sentAt = Instant.ofEpochMilli(in.getLong());
    long sequence = in.getLong();
    Duration interval = Duration.ofMillis(in.getInt());
    String cluster = text(in);
    NodeId id = new NodeId(text(in));
    String name = text(in);
    Endpoint endpoint = new Endpoint(text(in), Short.toUnsignedInt(in.getShort()));
    ByteBuffer signed = in.duplicate().flip();
    Optional<byte[]> given = sealed ? Optional.of(bytes(in, Seal.BYTES)) : Optional.empty();
    if (in.hasRemaining()) {
      throw new IllegalArgumentException("it goes on after its end");
    }
    Announcement sender = new Announcement(cluster, protocol, id, name, endpoint);
    Beacon beacon = new Beacon(kind, sender, sentAt, sequence, interval);
    return new Reading.Heard(beacon, seal.judge(signed, given));
  }

  private static Beacon.Kind kind(byte code) {
    Beacon.Kind[] kinds = Beacon.Kind.values();
    if (code < 1 || code > kinds.length) {
      throw new IllegalArgumentException("kind " + code + " is not within 1.." + kinds.length);
    }
    return kinds[code - 1];
  }

  private static boolean flag(byte code) {
    if (code != 0 && code != 1) {
      throw new IllegalArgumentException("seal flag " + code + " is neither 0 nor 1");
    }
    return code == 1;
  }

  private static void put(ByteBuffer out, byte[] text) {
    out.put((byte) text.length).put(text);
  }

  private static byte[] utf8(String what, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    if (bytes.length > MAX_TEXT_BYTES) {
      throw new IllegalArgumentException(
          what + " has " + bytes.length + " bytes, a beacon has room for " + MAX_TEXT_BYTES);
    }
    checkPrintable(what, text);
    return bytes;
  }

  private static String text(ByteBuffer in) throws CharacterCodingException {
    ByteBuffer bytes = ByteBuffer.wrap(bytes(in, Byte.toUnsignedInt(in.get())));
    String text = StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
    checkPrintable("text", text);
    return text;
  }

  // What strangers send ends up in the log: it must not be able to forge lines there.
  private static void checkPrintable(String what, String text) {
    if (text.codePoints().anyMatch(c -> Character.isISOControl(c) || c == 0x2028 || c == 0x2029)) {
      throw new IllegalArgumentException(what + " contains a control character");
    }
  }

  private static byte[] bytes(ByteBuffer in, int count) {
    byte[] bytes = new byte[count];
    in.get(bytes);
    return bytes;
  }
}
