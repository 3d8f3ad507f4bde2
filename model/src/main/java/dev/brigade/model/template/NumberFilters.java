package dev.brigade.model.template;

import dev.brigade.model.template.Filters.Filter;
import dev.brigade.model.template.Parameters.Bound;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Filters that make numbers, and those that make text of numbers. */
final class NumberFilters {
  private NumberFilters() {}

  static void register(Map<String, Filter> filters) {
    filters.put("int", NumberFilters::integer);
    filters.put("float", NumberFilters::real);
    filters.put("abs", NumberFilters::absolute);
    filters.put("round", NumberFilters::round);
    filters.put("filesizeformat", NumberFilters::fileSize);
    filters.put("length", (render, value, given) -> count("length", value, given));
    filters.put("count", (render, value, given) -> count("count", value, given));
    filters.put(
        "wordcount",
        (render, value, given) -> {
          String text = PythonText.str(value);
          render.spendText(text.length());
          return BigInteger.valueOf(TextFilters.words(text));
        });
  }

  private static Object count(String name, Object value, Arguments given) {
    Parameters.of(name, 0).bind(given);
    return BigInteger.valueOf(Sequences.size(value));
  }

  private static Object integer(Render render, Object value, Arguments given) {
    Bound bound = Parameters.of("int", 0, "default", "base").bind(given);
    Object absent = bound.get("default", BigInteger.ZERO);
    if (value instanceof Undefined undefined) {
      throw undefined.failure();
    } else if (value instanceof Double number) {
      return number.isNaN() ? absent : Numerals.truncate(number);
    } else if (Types.isNumber(value)) {
      return Types.asInteger(value).orElseThrow();
    } else if (!(value instanceof CharSequence)) {
      return absent;
    }
    Optional<Object> whole =
        Numerals.parseInteger(value.toString(), bound.integer("base", 10)).map(i -> i);
    return whole
        .or(
            () ->
                Numerals.parseDouble(value.toString())
                    .filter(Double::isFinite)
                    .map(Numerals::truncate))
        .orElse(absent);
  }

  private static Object real(Render render, Object value, Arguments given) {
    Object absent = Parameters.of("float", 0, "default").bind(given).get("default", 0.0);
    if (value instanceof Undefined undefined) {
      throw undefined.failure();
    } else if (Types.isNumber(value)) {
      return Types.asDouble(value);
    } else if (value instanceof CharSequence) {
      return Numerals.parseDouble(value.toString()).<Object>map(d -> d).orElse(absent);
    }
    return absent;
  }

  private static Object absolute(Render render, Object value, Arguments given) {
    Parameters.of("abs", 0).bind(given);
    if (value instanceof Double number) {
      return Math.abs(number);
    } else if (value instanceof Undefined undefined) {
      throw undefined.failure();
    }
    return Types.asInteger(value)
        .map(BigInteger::abs)
        .orElseThrow(
            () ->
                TemplateException.value(
                    "bad operand type for abs(): " + PythonText.repr(Types.name(value))));
  }

  private static Object round(Render render, Object value, Arguments given) {
    Bound bound = Parameters.of("round", 0, "precision", "method").bind(given);
    int precision = bound.integer("precision", 0);
    String method = bound.text("method", "common");
    if (value instanceof Undefined undefined) {
      throw undefined.failure();
    } else if (!Types.isNumber(value)) {
      throw TemplateException.value(
          "type " + Types.name(value) + " doesn't define __round__ method");
    }
    return switch (method) {
      case "common" ->
          value instanceof Double number
              ? (Object) Numerals.round(number, precision)
              : roundInteger(Types.asInteger(value).orElseThrow(), precision);
      case "ceil", "floor" -> {
        double factor = Math.pow(10, precision);
        double scaled = Types.asDouble(value) * factor;
        yield (method.equals("ceil") ? Math.ceil(scaled) : Math.floor(scaled)) / factor;
      }
      default -> throw TemplateException.value("method must be common, ceil or floor");
    };
  }

  private static BigInteger roundInteger(BigInteger value, int precision) {
    return precision >= 0
        ? value
        : new BigDecimal(value)
            .setScale(Math.max(precision, -NumberFormat.MAX_PRECISION), RoundingMode.HALF_EVEN)
            .toBigInteger();
  }

  private static Object fileSize(Render render, Object value, Arguments given) {
    boolean binary = Parameters.of("filesizeformat", 0, "binary").bind(given).flag("binary", false);
    double bytes = Types.asDouble(real(render, value, Arguments.NONE));
    int base = binary ? 1024 : 1000;
    if (bytes == 1) {
      return "1 Byte";
    } else if (bytes < base) {
      return Numerals.truncate(bytes) + " Bytes";
    }
    List<String> prefixes = List.of("K", "M", "G", "T", "P", "E", "Z", "Y");
    int power = 0;
    double unit = base;
    while (power < prefixes.size() - 1 && bytes >= unit * base) {
      power++;
      unit *= base;
    }
    String prefix = prefixes.get(power);
    String name = binary ? prefix + "iB" : (power == 0 ? "k" : prefix) + "B";
    return NumberFormat.digits(bytes / unit, 'f', 1, false) + " " + name;
  }
}
