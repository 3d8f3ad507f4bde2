package dev.brigade.model.template;

import java.math.BigInteger;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/** What {@code is} can ask. */
final class Tests {
  private static final Map<String, Predicate<Object>> PLAIN = new HashMap<>();
  private static final Map<String, String> COMPARISONS = new HashMap<>();
  private static final Set<String> WITH_ARGUMENT = Set.of("divisibleby", "sameas", "in");

  static {
    PLAIN.put("defined", value -> !(value instanceof Undefined));
    PLAIN.put("undefined", value -> value instanceof Undefined);
    PLAIN.put("none", value -> value == None.NONE);
    PLAIN.put("boolean", value -> value instanceof Boolean);
    PLAIN.put("true", value -> Boolean.TRUE.equals(value));
    PLAIN.put("false", value -> Boolean.FALSE.equals(value));
    PLAIN.put("integer", value -> value instanceof BigInteger);
    PLAIN.put("float", value -> value instanceof Double);
    PLAIN.put("number", Types::isNumber);
    PLAIN.put("string", value -> value instanceof CharSequence);
    PLAIN.put("mapping", value -> value instanceof Map);
    PLAIN.put(
        "sequence",
        value ->
            value instanceof CharSequence
                || value instanceof List
                || value instanceof Map
                || value instanceof Undefined);
    PLAIN.put("iterable", Sequences::isIterable);
    PLAIN.put("callable", value -> value instanceof Callable || value instanceof Undefined);
    PLAIN.put("escaped", value -> value instanceof Markup);
    PLAIN.put("lower", value -> Casing.isLower(PythonText.str(value)));
    PLAIN.put("upper", value -> Casing.isUpper(PythonText.str(value)));
    PLAIN.put("odd", value -> Comparison.equal(modulo(value, BigInteger.TWO), BigInteger.ONE));
    PLAIN.put("even", value -> Comparison.equal(modulo(value, BigInteger.TWO), BigInteger.ZERO));
    PLAIN.put("filter", value -> Filters.exists(PythonText.str(value)));
    PLAIN.put("test", value -> exists(PythonText.str(value)));
    Map.of(
            "==", List.of("==", "eq", "equalto"),
            "!=", List.of("!=", "ne"),
            ">", List.of(">", "gt", "greaterthan"),
            ">=", List.of(">=", "ge"),
            "<", List.of("<", "lt", "lessthan"),
            "<=", List.of("<=", "le"))
        .forEach((operator, names) -> names.forEach(name -> COMPARISONS.put(name, operator)));
  }

  private Tests() {}

  private static boolean exists(String name) {
    return PLAIN.containsKey(name) || COMPARISONS.containsKey(name) || WITH_ARGUMENT.contains(name);
  }

  static boolean holds(Render render, String test, Object value, Arguments arguments) {
    Predicate<Object> plain = PLAIN.get(test);
    if (plain != null) {
      Parameters.of(test, 0).bind(arguments);
      return plain.test(value);
    } else if (!exists(test)) {
      throw TemplateException.value("No test named " + PythonText.repr(test) + " found.");
    }
    Object other = Parameters.of(test, 1, parameter(test)).bind(arguments).get(parameter(test));
    return switch (test) {
      case "divisibleby" -> Comparison.equal(modulo(value, other), BigInteger.ZERO);
      case "in" -> Sequences.contains(render, other, value);
      case "sameas" -> isSame(value, other);
      default -> Expressions.holds(render, value, COMPARISONS.get(test), other);
    };
  }

  private static String parameter(String test) {
    return switch (test) {
      case "divisibleby" -> "num";
      case "in" -> "seq";
      case "sameas" -> "other";
      default -> "b";
    };
  }

  private static Object modulo(Object value, Object divisor) {
    if (value instanceof CharSequence) {
      throw TemplateException.value("not all arguments converted during string formatting");
    }
    return Arithmetic.binary(null, value, "%", divisor);
  }

  // Python keeps one object of each short string and small number.
  private static boolean isSame(Object a, Object b) {
    boolean values = Types.isNumber(a) || a instanceof String;
    return a == b || (values && a.getClass() == b.getClass() && a.equals(b));
  }
}
