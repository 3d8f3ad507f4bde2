package dev.brigade.model.template;

import java.math.BigInteger;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Python's {@code "%s and %d" % (values)}. */
final class PercentFormat {
  private static final Pattern CONVERSION =
      Pattern.compile(
          "%(?:\\(([^)]*)\\))?([-+ #0]*)(\\*|\\d+)?(?:\\.(\\*|\\d*))?[hlL]?(.)?", Pattern.DOTALL);

  private final Render render;
  private final boolean escaping;
  private final Object values;
  private final Iterator<?> positional;

  private PercentFormat(Render render, boolean escaping, Object values) {
    this.render = render;
    this.escaping = escaping;
    this.values = values;
    this.positional = values instanceof Tuple tuple ? tuple.iterator() : List.of(values).iterator();
  }

  static Object format(Render render, CharSequence format, Object values) {
    boolean escaping = format instanceof Markup;
    String text = new PercentFormat(render, escaping, values).format(format);
    return escaping ? new Markup(text) : text;
  }

  private String format(CharSequence format) {
    StringBuilder out = new StringBuilder();
    Matcher matcher = CONVERSION.matcher(format);
    int copied = 0;
    boolean byName = false;
    while (matcher.find()) {
      out.append(format, copied, matcher.start());
      copied = matcher.end();
      byName |= matcher.group(1) != null;
      String converted = convert(matcher);
      render.spendText(converted.length());
      out.append(converted);
    }
    boolean mayStayUnused =
        byName
            || values instanceof Map
            || values instanceof Undefined
            || (values instanceof List && !(values instanceof Tuple));
    if (positional.hasNext() && !mayStayUnused) {
      throw TemplateException.value("not all arguments converted during string formatting");
    }
    return out.append(format, copied, format.length()).toString();
  }

  private String convert(Matcher matcher) {
    if (matcher.group(5) == null) {
      throw TemplateException.value("incomplete format");
    }
    char type = matcher.group(5).charAt(0);
    if (type == '%') {
      return "%";
    }
    String flags = matcher.group(2);
    int width = number(matcher.group(3), 0);
    int precision = number(matcher.group(4), -1);
    boolean left = flags.contains("-") || width < 0;
    width = Math.abs(width);
    Object value = matcher.group(1) == null ? next() : named(matcher.group(1));
    String text = convert(value, type, precision, flags);
    int missing = Math.max(0, width - CodePoints.length(text));
    render.spendText(missing);
    if (left) {
      return text + " ".repeat(missing);
    } else if (flags.contains("0") && "diouxXeEfFgG".indexOf(type) >= 0) {
      int sign = !text.isEmpty() && "+- ".indexOf(text.charAt(0)) >= 0 ? 1 : 0;
      return text.substring(0, sign) + "0".repeat(missing) + text.substring(sign);
    }
    return " ".repeat(missing) + text;
  }

  private int number(String written, int absent) {
    if (written == null) {
      return absent;
    } else if (written.equals("*")) {
      return Types.asInteger(next())
          .map(Sequences::clamp)
          .orElseThrow(() -> TemplateException.value("* wants int"));
    }
    return written.isEmpty() ? 0 : Sequences.clamp(new BigInteger(written));
  }

  private Object next() {
    if (!positional.hasNext()) {
      throw TemplateException.value("not enough arguments for format string");
    }
    return positional.next();
  }

  private Object named(String name) {
    if (!(values instanceof Map<?, ?> map)) {
      throw TemplateException.value("format requires a mapping");
    }
    return Dicts.find(map, name).orElseThrow(() -> TemplateException.value(PythonText.repr(name)));
  }

  private String convert(Object value, char type, int precision, String flags) {
    return switch (type) {
      case 's' -> cut(escaped(PythonText.str(value), value), precision);
      case 'r', 'a' -> cut(escaped(PythonText.repr(value), value), precision);
      case 'c' -> character(value);
      case 'd', 'i', 'u', 'o', 'x', 'X' -> integer(value, type, precision, flags);
      case 'e', 'E', 'f', 'F', 'g', 'G' -> {
        if (value instanceof Undefined undefined) {
          throw undefined.failure();
        }
        double number = Types.asDouble(value);
        String digits =
            NumberFormat.digits(number, type, precision < 0 ? 6 : precision, flags.contains("#"));
        yield sign(1 / number < 0 || number < 0, flags) + digits;
      }
      default -> throw TemplateException.value("unsupported format character '" + type + "'");
    };
  }

  private String escaped(String text, Object value) {
    return escaping && !(value instanceof Markup) ? Markup.escape(text).toString() : text;
  }

  private static String cut(String text, int precision) {
    return precision >= 0 && precision < CodePoints.length(text)
        ? CodePoints.substring(text, 0, precision)
        : text;
  }

  private static String character(Object value) {
    if (value instanceof CharSequence text && CodePoints.length(text) == 1) {
      return text.toString();
    }
    return Types.asInteger(value)
        .map(Sequences::clamp)
        .filter(Character::isValidCodePoint)
        .map(Character::toString)
        .orElseThrow(() -> TemplateException.value("%c requires int or char"));
  }

  private static String integer(Object value, char type, int precision, String flags) {
    if (value instanceof Undefined undefined) {
      throw undefined.failure();
    }
    boolean decimal = "diu".indexOf(type) >= 0;
    BigInteger number =
        value instanceof Double d && decimal
            ? Numerals.truncate(d)
            : Types.asInteger(value)
                .orElseThrow(
                    () ->
                        TemplateException.value(
                            "%%%s format: %s is required, not %s"
                                .formatted(
                                    type,
                                    decimal ? "a real number" : "an integer",
                                    Types.name(value))));
    int radix = decimal ? 10 : type == 'o' ? 8 : 16;
    String digits = number.abs().toString(radix);
    if (precision > NumberFormat.MAX_PRECISION) {
      throw TemplateException.value("precision too large");
    }
    digits = "0".repeat(Math.max(0, precision - digits.length())) + digits;
    String prefix = flags.contains("#") && !decimal ? "0" + Character.toLowerCase(type) : "";
    String text = prefix + digits;
    return sign(number.signum() < 0, flags) + (type == 'X' ? text.toUpperCase(Locale.ROOT) : text);
  }

  private static String sign(boolean negative, String flags) {
    return negative ? "-" : flags.contains("+") ? "+" : flags.contains(" ") ? " " : "";
  }
}
