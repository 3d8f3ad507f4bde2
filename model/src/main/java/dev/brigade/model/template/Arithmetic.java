package dev.brigade.model.template;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;

/** Python's binary and unary operators. */
final class Arithmetic {
  private static final int MAX_BITS = 1 << 16;

  private Arithmetic() {}

  static Object binary(Render render, Object a, String operator, Object b) {
    if (a instanceof CharSequence text && operator.equals("%")) {
      return PercentFormat.format(render, text, b);
    } else if (a instanceof Undefined undefined) {
      throw undefined.failure();
    } else if (b instanceof Undefined undefined) {
      throw undefined.failure();
    } else if (Types.isNumber(a) && Types.isNumber(b)) {
      return a instanceof Double || b instanceof Double
          ? onDoubles(Types.asDouble(a), operator, Types.asDouble(b))
          : onIntegers(
              Types.asInteger(a).orElseThrow(), operator, Types.asInteger(b).orElseThrow());
    } else if (operator.equals("+")) {
      return concatenate(render, a, b);
    } else if (operator.equals("*") && Types.asInteger(b).isPresent()) {
      return repeat(render, a, operator, b);
    } else if (operator.equals("*") && Types.asInteger(a).isPresent()) {
      return repeat(render, b, operator, a);
    }
    throw unsupported(a, operator, b);
  }

  private static Object concatenate(Render render, Object a, Object b) {
    if (a instanceof CharSequence left && b instanceof CharSequence right) {
      render.spendText(left.length() + right.length());
      return a instanceof Markup || b instanceof Markup
          ? new Markup(Markup.escape(a).toString() + Markup.escape(b))
          : left.toString() + right;
    } else if (a instanceof List<?> left && !(a instanceof Range)) {
      if (b instanceof List<?> right
          && a instanceof Tuple == b instanceof Tuple
          && !(b instanceof Range)) {
        render.spendElements(left.size() + right.size());
        List<Object> joined = new ArrayList<>(left);
        joined.addAll(right);
        return a instanceof Tuple ? Tuple.copyOf(joined) : joined;
      }
    } else if (!(a instanceof CharSequence)) {
      throw unsupported(a, "+", b);
    }
    throw TemplateException.value(
        "can only concatenate %s (not \"%s\") to %s"
            .formatted(Types.name(a), Types.name(b), Types.name(a)));
  }

  private static Object repeat(Render render, Object sequence, String operator, Object count) {
    int times = Math.max(0, Sequences.clamp(Types.asInteger(count).orElseThrow()));
    if (sequence instanceof CharSequence text) {
      render.spendText((long) text.length() * times);
      String repeated = text.toString().repeat(times);
      return sequence instanceof Markup ? new Markup(repeated) : repeated;
    } else if (sequence instanceof List<?> list && !(sequence instanceof Range)) {
      render.spendElements((long) list.size() * times);
      List<Object> repeated = new ArrayList<>(list.size() * times);
      for (int i = 0; i < times; i++) {
        repeated.addAll(list);
      }
      return sequence instanceof Tuple ? Tuple.copyOf(repeated) : repeated;
    }
    throw unsupported(sequence, operator, count);
  }

  private static Object onIntegers(BigInteger a, String operator, BigInteger b) {
    return switch (operator) {
      case "+" -> bounded(a.add(b));
      case "-" -> bounded(a.subtract(b));
      case "*" -> bounded(a.multiply(b));
      case "/" -> {
        requireNonZero(b.signum() == 0, "division by zero");
        yield new BigDecimal(a).divide(new BigDecimal(b), MathContext.DECIMAL128).doubleValue();
      }
      case "//" -> {
        requireNonZero(b.signum() == 0, "integer division or modulo by zero");
        BigInteger[] parts = a.divideAndRemainder(b);
        yield parts[1].signum() != 0 && parts[1].signum() != b.signum()
            ? parts[0].subtract(BigInteger.ONE)
            : parts[0];
      }
      case "%" -> {
        requireNonZero(b.signum() == 0, "integer modulo by zero");
        BigInteger rest = a.remainder(b);
        yield rest.signum() != 0 && rest.signum() != b.signum() ? rest.add(b) : rest;
      }
      case "**" -> power(a, b);
      default -> throw new IllegalArgumentException(operator);
    };
  }

  private static Object power(BigInteger a, BigInteger b) {
    if (b.signum() < 0) {
      return onDoubles(a.doubleValue(), "**", b.doubleValue());
    }
    int exponent = Sequences.clamp(b);
    if ((long) a.bitLength() * exponent > MAX_BITS && a.bitLength() > 1) {
      throw tooLong();
    }
    return a.pow(a.bitLength() > 1 ? exponent : exponent == 0 ? 0 : 2 - (exponent & 1));
  }

  private static Object onDoubles(double a, String operator, double b) {
    return switch (operator) {
      case "+" -> a + b;
      case "-" -> a - b;
      case "*" -> a * b;
      case "/" -> {
        requireNonZero(b == 0, "float division by zero");
        yield a / b;
      }
      case "//" -> {
        requireNonZero(b == 0, "float floor division by zero");
        yield Math.floor((a - modulo(a, b)) / b + 0.5);
      }
      case "%" -> {
        requireNonZero(b == 0, "float modulo");
        yield modulo(a, b);
      }
      case "**" -> {
        requireNonZero(a == 0 && b < 0, "0.0 cannot be raised to a negative power");
        yield Math.pow(a, b);
      }
      default -> throw new IllegalArgumentException(operator);
    };
  }

  private static double modulo(double a, double b) {
    double rest = a % b;
    return rest != 0 && rest < 0 != b < 0 ? rest + b : rest == 0 ? Math.copySign(0, b) : rest;
  }

  static Object negate(Object value) {
    if (value instanceof Double number) {
      return -number;
    }
    return integerOperand("-", value).negate();
  }

  static Object plus(Object value) {
    return value instanceof Double ? value : integerOperand("+", value);
  }

  private static BigInteger integerOperand(String operator, Object value) {
    if (value instanceof Undefined undefined) {
      throw undefined.failure();
    }
    return Types.asInteger(value)
        .orElseThrow(
            () ->
                TemplateException.value(
                    "bad operand type for unary %s: '%s'".formatted(operator, Types.name(value))));
  }

  private static BigInteger bounded(BigInteger value) {
    if (value.bitLength() > MAX_BITS) {
      throw tooLong();
    }
    return value;
  }

  private static TemplateException tooLong() {
    return new TemplateException(
        TemplateException.Kind.LIMIT, "a number of more than " + MAX_BITS + " bits");
  }

  private static void requireNonZero(boolean isZero, String complaint) {
    if (isZero) {
      throw TemplateException.value(complaint);
    }
  }

  private static TemplateException unsupported(Object a, String operator, Object b) {
    return TemplateException.value(
        "unsupported operand type(s) for %s: '%s' and '%s'"
            .formatted(
                operator.equals("**") ? "** or pow()" : operator, Types.name(a), Types.name(b)));
  }
}
