package dev.brigade.model.template;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** Numbers as text: Python's literals, {@code int(text)} and {@code float(text)}. */
final class Numerals {
  private static final Pattern DECIMAL =
      Pattern.compile(
          "[+-]?((\\d+(_\\d+)*)(\\.(\\d+(_\\d+)*)?)?|\\.\\d+(_\\d+)*)([eE][+-]?\\d+(_\\d+)*)?");
  private static final int MAX_DIGITS = 4300; // as Python's default for int(text)

  private Numerals() {}

  static BigInteger integerLiteral(String literal) {
    String digits = literal.replace("_", "").toLowerCase(Locale.ROOT);
    if (digits.length() > 2 && digits.charAt(0) == '0') {
      switch (digits.charAt(1)) {
        case 'x' -> {
          return new BigInteger(digits.substring(2), 16);
        }
        case 'o' -> {
          return new BigInteger(digits.substring(2), 8);
        }
        case 'b' -> {
          return new BigInteger(digits.substring(2), 2);
        }
        default -> {}
      }
    }
    return new BigInteger(digits);
  }

  /** Python's {@code int(text, base)}; empty where that raises ValueError. */
  static Optional<BigInteger> parseInteger(String text, int base) {
    String digits = CodePoints.strip(text, true, true).toLowerCase(Locale.ROOT);
    boolean negative = digits.startsWith("-");
    digits = negative || digits.startsWith("+") ? digits.substring(1) : digits;
    int radix = base;
    String[] prefixes = {"0x", "0o", "0b"};
    int[] radices = {16, 8, 2};
    for (int i = 0; i < prefixes.length; i++) {
      if (digits.startsWith(prefixes[i]) && (base == radices[i] || base == 0)) {
        digits = digits.substring(2);
        digits = digits.startsWith("_") ? digits.substring(1) : digits;
        radix = radices[i];
      }
    }
    radix = radix == 0 ? 10 : radix;
    if (digits.isEmpty()
        || digits.length() > MAX_DIGITS
        || digits.startsWith("_")
        || digits.endsWith("_")
        || digits.contains("__")
        || digits.startsWith("-")
        || digits.startsWith("+")) {
      return Optional.empty();
    }
    try {
      BigInteger value = new BigInteger(digits.replace("_", ""), radix);
      return Optional.of(negative ? value.negate() : value);
    } catch (NumberFormatException notANumber) {
      return Optional.empty();
    }
  }

  /** Python's {@code float(text)}; empty where that raises ValueError. */
  static Optional<Double> parseDouble(String text) {
    String trimmed = CodePoints.strip(text, true, true);
    String unsigned = trimmed.toLowerCase(Locale.ROOT).replaceFirst("^[+-]", "");
    double sign = trimmed.startsWith("-") ? -1 : 1;
    if (unsigned.equals("inf") || unsigned.equals("infinity")) {
      return Optional.of(sign * Double.POSITIVE_INFINITY);
    } else if (unsigned.equals("nan")) {
      return Optional.of(Double.NaN);
    } else if (DECIMAL.matcher(trimmed).matches()) {
      return Optional.of(Double.valueOf(trimmed.replace("_", "")));
    }
    return Optional.empty();
  }

  /** Python's {@code int(float)}. */
  static BigInteger truncate(double value) {
    if (Double.isNaN(value) || Double.isInfinite(value)) {
      throw TemplateException.value(
          "cannot convert float " + (Double.isNaN(value) ? "NaN" : "infinity") + " to integer");
    }
    return new BigDecimal(value).toBigInteger();
  }

  /** Python's {@code round(value, precision)}: ties of the exact binary value go to even. */
  static double round(double value, int precision) {
    if (Double.isNaN(value) || Double.isInfinite(value) || precision > 330) {
      return value;
    }
    double rounded =
        new BigDecimal(value)
            .setScale(Math.max(precision, -400), RoundingMode.HALF_EVEN)
            .doubleValue();
    return Math.copySign(rounded, value);
  }
}
