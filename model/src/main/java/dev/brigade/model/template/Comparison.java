package dev.brigade.model.template;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Python's equality and order. */
final class Comparison {
  private Comparison() {}

  static boolean equal(Object a, Object b) {
    if (a == b) {
      return true;
    } else if (a instanceof CharSequence && b instanceof CharSequence) {
      return a.toString().equals(b.toString());
    } else if (Types.isNumber(a) && Types.isNumber(b)) {
      return compareNumbers(a, b).filter(order -> order == 0).isPresent();
    } else if (a instanceof List<?> left && b instanceof List<?> right) {
      return sameKindOfList(left, right) && equalElements(left, right);
    } else if (a instanceof Map<?, ?> left && b instanceof Map<?, ?> right) {
      return equalMaps(left, right);
    }
    return a instanceof Undefined && b instanceof Undefined;
  }

  private static boolean sameKindOfList(List<?> a, List<?> b) {
    return a instanceof Tuple == b instanceof Tuple && a instanceof Range == b instanceof Range;
  }

  private static boolean equalElements(List<?> a, List<?> b) {
    if (a.size() != b.size()) {
      return false;
    }
    for (int i = 0; i < a.size(); i++) {
      if (!equal(a.get(i), b.get(i))) {
        return false;
      }
    }
    return true;
  }

  private static boolean equalMaps(Map<?, ?> a, Map<?, ?> b) {
    if (a.size() != b.size()) {
      return false;
    }
    for (Map.Entry<?, ?> entry : a.entrySet()) {
      Optional<Object> other = Dicts.find(b, entry.getKey());
      if (other.isEmpty() || !equal(entry.getValue(), other.get())) {
        return false;
      }
    }
    return true;
  }

  /** Empty when one of them is NaN. */
  private static Optional<Integer> compareNumbers(Object a, Object b) {
    if (a instanceof Double || b instanceof Double) {
      double left = Types.asDouble(a);
      double right = Types.asDouble(b);
      if (Double.isNaN(left) || Double.isNaN(right)) {
        return Optional.empty();
      }
      if (Double.isInfinite(left) || Double.isInfinite(right)) {
        return Optional.of(Double.compare(left, right));
      }
      return Optional.of(exact(a).compareTo(exact(b)));
    }
    BigInteger left = Types.asInteger(a).orElseThrow();
    return Optional.of(left.compareTo(Types.asInteger(b).orElseThrow()));
  }

  private static BigDecimal exact(Object number) {
    return number instanceof Double d
        ? new BigDecimal(d)
        : new BigDecimal(Types.asInteger(number).orElseThrow());
  }

  /** One of {@code <}, {@code <=}, {@code >}, {@code >=}. */
  static boolean ordered(Object a, String operator, Object b) {
    if (a instanceof List<?> left && b instanceof List<?> right && sameKindOfList(left, right)) {
      for (int i = 0; i < Math.min(left.size(), right.size()); i++) {
        if (!equal(left.get(i), right.get(i))) {
          return ordered(left.get(i), operator, right.get(i));
        }
      }
      return holds(Integer.compare(left.size(), right.size()), operator);
    } else if (a instanceof CharSequence left && b instanceof CharSequence right) {
      return holds(CodePoints.compare(left, right), operator);
    } else if (Types.isNumber(a) && Types.isNumber(b)) {
      return compareNumbers(a, b).filter(order -> holds(order, operator)).isPresent();
    } else if (a instanceof Undefined undefined) {
      throw undefined.failure();
    } else if (b instanceof Undefined undefined) {
      throw undefined.failure();
    }
    throw TemplateException.value(
        "'%s' not supported between instances of '%s' and '%s'"
            .formatted(operator, Types.name(a), Types.name(b)));
  }

  private static boolean holds(int order, String operator) {
    return switch (operator) {
      case "<" -> order < 0;
      case "<=" -> order <= 0;
      case ">" -> order > 0;
      case ">=" -> order >= 0;
      default -> throw new IllegalArgumentException(operator);
    };
  }

  /** The order that Python's {@code sorted} uses. */
  static final Comparator<Object> ORDER =
      (a, b) -> ordered(a, "<", b) ? -1 : ordered(b, "<", a) ? 1 : 0;
}
