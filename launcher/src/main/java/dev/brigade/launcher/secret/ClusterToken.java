package dev.brigade.launcher.secret;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Locale;

/**
 * A random secret that can be read out: {@code brg1-} and 30 digits in Crockford's base 32, of 128
 * random bits and a checksum of 22, which finds all but one of four million typing mistakes.
 */
public final class ClusterToken {
  private static final String PREFIX = "brg1-";
  private static final String DIGITS = "0123456789abcdefghjkmnpqrstvwxyz";
  private static final int BITS_PER_DIGIT = 5;
  private static final int LENGTH = 30;
  private static final int GROUP = 5;
  private static final int RANDOM_BYTES = 16;
  private static final int CHECK_BITS = 22;

  private ClusterToken() {}

  /** A new one. */
  public static String make() {
    byte[] random = new byte[RANDOM_BYTES];
    new SecureRandom().nextBytes(random);
    BigInteger value = new BigInteger(1, random);
    return text(value.shiftLeft(CHECK_BITS).or(checksum(value)));
  }

  /** Whether {@code text} is meant to be a token. */
  static boolean claims(String text) {
    return text.strip().toLowerCase(Locale.ROOT).startsWith(PREFIX);
  }

  /**
   * The token in the form that {@link #make} gives it. Case and hyphens do not matter, nor does o
   * for 0, and i or l for 1.
   *
   * @throws IllegalArgumentException if it is none
   */
  static String parse(String text) {
    String digits =
        text.strip()
            .toLowerCase(Locale.ROOT)
            .substring(PREFIX.length())
            .replace("-", "")
            .replace('o', '0')
            .replaceAll("[il]", "1");
    if (digits.length() != LENGTH) {
      throw wrong("has " + digits.length() + " digits instead of " + LENGTH);
    }
    BigInteger value = BigInteger.ZERO;
    for (char digit : digits.toCharArray()) {
      int number = DIGITS.indexOf(digit);
      if (number < 0) {
        throw wrong("has a character that no token has");
      }
      value = value.shiftLeft(BITS_PER_DIGIT).or(BigInteger.valueOf(number));
    }
    BigInteger random = value.shiftRight(CHECK_BITS);
    if (!random.shiftLeft(CHECK_BITS).or(checksum(random)).equals(value)) {
      throw wrong("has a wrong checksum");
    }
    return text(value);
  }

  private static IllegalArgumentException wrong(String how) {
    return new IllegalArgumentException(
        "begins with "
            + PREFIX
            + " as the tokens of brigade token do, but "
            + how
            + "; copy the whole token again");
  }

  private static String text(BigInteger value) {
    StringBuilder text = new StringBuilder(PREFIX);
    for (int i = 0; i < LENGTH; i++) {
      if (i > 0 && i % GROUP == 0) {
        text.append('-');
      }
      int shift = (LENGTH - 1 - i) * BITS_PER_DIGIT;
      text.append(DIGITS.charAt(value.shiftRight(shift).intValue() & (DIGITS.length() - 1)));
    }
    return text.toString();
  }

  private static BigInteger checksum(BigInteger random) {
    String text = "brigade token v1 " + random.toString(16);
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return new BigInteger(1, Arrays.copyOf(hash, 3)).shiftRight(3 * Byte.SIZE - CHECK_BITS);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
