package dev.brigade.model.template;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Locale;

/** The digits of numbers in C's {@code e}, {@code f} and {@code g} notations, without sign. */
final class NumberFormat {
  static final int MAX_PRECISION = 1000;

  private NumberFormat() {}

  /**
   * @param type one of e, E, f, F, g, G, %
   * @param alternate keeps the point and the zeros that g drops
   */
  static String digits(double value, char type, int precision, boolean alternate) {
    if (precision > MAX_PRECISION) {
      throw TemplateException.value("precision too big");
    }
    boolean upper = Character.isUpperCase(type);
    if (Double.isNaN(value) || Double.isInfinite(value)) {
      String name = Double.isNaN(value) ? "nan" : "inf";
      return upper ? name.toUpperCase(Locale.ROOT) : name;
    }
    BigDecimal exact = new BigDecimal(Math.abs(value));
    String text =
        switch (Character.toLowerCase(type)) {
          case 'f' -> exact.setScale(precision, RoundingMode.HALF_EVEN).toPlainString();
          case '%' ->
              exact.movePointRight(2).setScale(precision, RoundingMode.HALF_EVEN).toPlainString()
                  + "%";
          case 'e' -> scientific(exact, precision);
          default -> general(exact, Math.max(1, precision), alternate);
        };
    return upper ? text.toUpperCase(Locale.ROOT) : text;
  }

  private static String scientific(BigDecimal exact, int precision) {
    BigDecimal rounded = exact.round(new MathContext(precision + 1, RoundingMode.HALF_EVEN));
    String digits = rounded.unscaledValue().toString();
    int exponent = exact.signum() == 0 ? 0 : digits.length() - 1 - rounded.scale();
    StringBuilder text = new StringBuilder(digits);
    while (text.length() < precision + 1) {
      text.append('0');
    }
    text.setLength(precision + 1);
    if (precision > 0) {
      text.insert(1, '.');
    }
    return text.append('e').append(exponent(exponent)).toString();
  }

  private static String exponent(int exponent) {
    return (exponent < 0 ? "-" : "+") + (Math.abs(exponent) < 10 ? "0" : "") + Math.abs(exponent);
  }

  private static String general(BigDecimal exact, int precision, boolean alternate) {
    if (exact.signum() == 0) {
      return alternate ? "0." + "0".repeat(precision - 1) : "0";
    }
    BigDecimal rounded = exact.round(new MathContext(precision, RoundingMode.HALF_EVEN));
    int exponent = rounded.precision() - 1 - rounded.scale();
    if (exponent < -4 || exponent >= precision) {
      String[] parts = scientific(rounded, precision - 1).split("e");
      return (alternate ? parts[0] : dropZeros(parts[0])) + "e" + parts[1];
    }
    String plain =
        rounded.setScale(precision - 1 - exponent, RoundingMode.HALF_EVEN).toPlainString();
    return alternate ? plain : dropZeros(plain);
  }

  private static String dropZeros(String digits) {
    return digits.contains(".") ? digits.replaceFirst("\\.?0+$", "") : digits;
  }
}
