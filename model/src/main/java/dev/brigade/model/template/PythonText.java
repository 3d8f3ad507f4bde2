package dev.brigade.model.template;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/** Renders values as Python's {@code str()} and {@code repr()} do. */
final class PythonText {
  private PythonText() {}

  /** What {@code {{ value }}} prints. */
  static String str(Object value) {
    if (value instanceof CharSequence) {
      return value.toString();
    } else if (value instanceof Undefined) {
      return "";
    }
    return repr(value);
  }

  static String repr(Object value) {
    StringBuilder out = new StringBuilder();
    repr(value, out);
    return out.toString();
  }

  private static void repr(Object value, StringBuilder out) {
    if (value == None.NONE) {
      out.append("None");
    } else if (value instanceof Boolean b) {
      out.append(b ? "True" : "False");
    } else if (value instanceof Double number) {
      out.append(ofDouble(number));
    } else if (value instanceof Markup) {
      out.append("Markup(");
      quote(value.toString(), out);
      out.append(')');
    } else if (value instanceof String text) {
      quote(text, out);
    } else if (value instanceof Tuple tuple) {
      list(tuple, "(", tuple.size() == 1 ? ",)" : ")", out);
    } else if (value instanceof Range range) {
      out.append(range.repr());
    } else if (value instanceof List<?> list) {
      list(list, "[", "]", out);
    } else if (value instanceof Map<?, ?> map) {
      map(map, out);
    } else if (value instanceof DictView view) {
      out.append(view.typeName());
      list(view.elements(), "([", "])", out);
    } else if (value instanceof Undefined) {
      out.append("Undefined");
    } else if (value instanceof Namespace namespace) {
      out.append("<Namespace ");
      map(namespace.attributes(), out);
      out.append('>');
    } else if (value instanceof Loop loop) {
      out.append("<LoopContext ").append(loop.index()).append('/').append(loop.length());
      out.append('>');
    } else if (value instanceof Macro macro) {
      out.append("<Macro ").append(repr(macro.name())).append('>');
    } else if (value instanceof Callable callable) {
      out.append("<built-in method ").append(callable.name()).append('>');
    } else if (value instanceof Lazy lazy) {
      out.append('<').append(lazy.typeName()).append(" object>");
    } else {
      out.append(value);
    }
  }

  private static void list(List<?> items, String open, String close, StringBuilder out) {
    out.append(open);
    for (int i = 0; i < items.size(); i++) {
      if (i > 0) {
        out.append(", ");
      }
      repr(items.get(i), out);
    }
    out.append(close);
  }

  private static void map(Map<?, ?> map, StringBuilder out) {
    out.append('{');
    Iterator<? extends Map.Entry<?, ?>> entries = map.entrySet().iterator();
    while (entries.hasNext()) {
      Map.Entry<?, ?> entry = entries.next();
      repr(entry.getKey(), out);
      out.append(": ");
      repr(entry.getValue(), out);
      if (entries.hasNext()) {
        out.append(", ");
      }
    }
    out.append('}');
  }

  private static void quote(String text, StringBuilder out) {
    char quote = text.indexOf('\'') >= 0 && text.indexOf('"') < 0 ? '"' : '\'';
    out.append(quote);
    text.codePoints()
        .forEach(
            c -> {
              if (c == quote || c == '\\') {
                out.append('\\').append((char) c);
              } else if (c == '\n') {
                out.append("\\n");
              } else if (c == '\r') {
                out.append("\\r");
              } else if (c == '\t') {
                out.append("\\t");
              } else if (isPrintable(c)) {
                out.appendCodePoint(c);
              } else if (c <= 0xff) {
                out.append("\\x%02x".formatted(c));
              } else {
                out.append((c <= 0xffff ? "\\u%04x" : "\\U%08x").formatted(c));
              }
            });
    out.append(quote);
  }

  private static boolean isPrintable(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      case Character.SPACE_SEPARATOR -> c == ' ';
      default -> true;
    };
  }

  /** The shortest decimal that reads back as this double, in Python's notation. */
  static String ofDouble(double value) {
    if (Double.isNaN(value)) {
      return "nan";
    } else if (Double.isInfinite(value)) {
      return value > 0 ? "inf" : "-inf";
    } else if (value == 0) {
      return 1 / value < 0 ? "-0.0" : "0.0";
    }
    BigDecimal shortest = shortest(value);
    String sign = value < 0 ? "-" : "";
    String digits = shortest.unscaledValue().abs().toString();
    int pointAt = digits.length() - shortest.scale();
    if (pointAt > 16 || pointAt <= -4) {
      int exponent = pointAt - 1;
      String mantissa =
          digits.length() == 1 ? digits : digits.charAt(0) + "." + digits.substring(1);
      String power = (exponent < 0 ? "-" : "+") + (Math.abs(exponent) < 10 ? "0" : "");
      return sign + mantissa + "e" + power + Math.abs(exponent);
    } else if (pointAt <= 0) {
      return sign + "0." + "0".repeat(-pointAt) + digits;
    } else if (pointAt >= digits.length()) {
      return sign + digits + "0".repeat(pointAt - digits.length()) + ".0";
    }
    return sign + digits.substring(0, pointAt) + "." + digits.substring(pointAt);
  }

  // Double.toString is not always the shortest before JDK 19.
  private static BigDecimal shortest(double value) {
    BigDecimal exact = new BigDecimal(value);
    for (int precision = 1; precision < 17; precision++) {
      BigDecimal rounded = exact.round(new MathContext(precision, RoundingMode.HALF_EVEN));
      if (rounded.doubleValue() == value) {
        return rounded.stripTrailingZeros();
      }
    }
    return exact.round(new MathContext(17, RoundingMode.HALF_EVEN)).stripTrailingZeros();
  }
}
