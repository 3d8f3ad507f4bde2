package dev.brigade.transport.vertx.tls;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/**
 * Writes the few values of ASN.1 that a certificate is made of, by the distinguished encoding rules
 * (ITU-T X.690): a tag, a length, a content.
 */
final class Der {
  private static final int FIRST_LONG_LENGTH = 0x80;
  private static final int FIRST_YEAR_OF_GENERALIZED_TIME = 2050;

  private Der() {}

  static byte[] sequence(byte[]... parts) {
    return value(0x30, concat(parts));
  }

  static byte[] set(byte[] only) {
    return value(0x31, only);
  }

  /** What a rule of the grammar marks by {@code [number]}. */
  static byte[] marked(int number, byte[] content) {
    return value(0xa0 + number, content);
  }

  static byte[] integer(BigInteger number) {
    return value(0x02, number.toByteArray());
  }

  static byte[] yes() {
    return value(0x01, new byte[] {(byte) 0xff});
  }

  static byte[] text(String text) {
    return value(0x0c, text.getBytes(StandardCharsets.UTF_8));
  }

  static byte[] octets(byte[] octets) {
    return value(0x04, octets);
  }

  /** Bits of which the last {@code unused} do not count. */
  static byte[] bits(int unused, byte[] bits) {
    return value(0x03, concat(new byte[] {(byte) unused}, bits));
  }

  /** An object identifier whose arcs after the first two are all given here. */
  static byte[] oid(int first, int second, int... arcs) {
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    content.write(40 * first + second);
    for (int arc : arcs) {
      for (int shift = 28; shift > 0; shift -= 7) {
        if (arc >>> shift != 0) {
          content.write(0x80 | arc >>> shift & 0x7f);
        }
      }
      content.write(arc & 0x7f);
    }
    return value(0x06, content.toByteArray());
  }

  /** To the second, in the form that RFC 5280, 4.1.2.5 has for the year. */
  static byte[] time(Instant time) {
    boolean late = time.atOffset(ZoneOffset.UTC).getYear() >= FIRST_YEAR_OF_GENERALIZED_TIME;
    DateTimeFormatter form =
        DateTimeFormatter.ofPattern(late ? "yyyyMMddHHmmss'Z'" : "yyMMddHHmmss'Z'")
            .withZone(ZoneOffset.UTC);
    return value(late ? 0x18 : 0x17, form.format(time).getBytes(StandardCharsets.US_ASCII));
  }

  private static byte[] value(int tag, byte[] content) {
    ByteArrayOutputStream value = new ByteArrayOutputStream();
    value.write(tag);
    if (content.length < FIRST_LONG_LENGTH) {
      value.write(content.length);
    } else {
      byte[] length = BigInteger.valueOf(content.length).toByteArray();
      int skipped = length[0] == 0 ? 1 : 0;
      value.write(0x80 | length.length - skipped);
      value.write(length, skipped, length.length - skipped);
    }
    value.writeBytes(content);
    return value.toByteArray();
  }

  private static byte[] concat(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }
}
