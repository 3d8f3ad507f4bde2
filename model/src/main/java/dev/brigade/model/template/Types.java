package dev.brigade.model.template;

import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How Python values are held here: None as {@link None}, bool as Boolean, int as BigInteger, float
 * as Double, str as String or {@link Markup}, list as List, tuple as {@link Tuple}, dict as Map.
 */
final class Types {
  private Types() {}

  /** Python's {@code type(value).__name__}. */
  static String name(Object value) {
    if (value == None.NONE) {
      return "NoneType";
    } else if (value instanceof Boolean) {
      return "bool";
    } else if (value instanceof BigInteger) {
      return "int";
    } else if (value instanceof Double) {
      return "float";
    } else if (value instanceof Markup) {
      return "Markup";
    } else if (value instanceof String) {
      return "str";
    } else if (value instanceof Tuple) {
      return "tuple";
    } else if (value instanceof Range) {
      return "range";
    } else if (value instanceof List) {
      return "list";
    } else if (value instanceof Map) {
      return "dict";
    } else if (value instanceof DictView view) {
      return view.typeName();
    } else if (value instanceof Lazy lazy) {
      return lazy.typeName();
    } else if (value instanceof Loop) {
      return "LoopContext";
    } else if (value instanceof Callable && !(value instanceof Macro)) {
      return "builtin_function_or_method";
    }
    return value.getClass().getSimpleName();
  }

  /** The name with its module for the few types that are not built into Python. */
  static String qualifiedName(Object value) {
    if (value instanceof Markup) {
      return "markupsafe.Markup";
    } else if (value instanceof Namespace) {
      return "jinja2.utils.Namespace";
    } else if (value instanceof Macro || value instanceof Loop) {
      return "jinja2.runtime." + name(value);
    }
    return name(value);
  }

  /** Python's {@code bool(value)}. */
  static boolean truth(Object value) {
    if (value instanceof Boolean b) {
      return b;
    } else if (value instanceof CharSequence text) {
      return text.length() > 0;
    } else if (value instanceof BigInteger integer) {
      return integer.signum() != 0;
    } else if (value instanceof Double number) {
      return number != 0;
    } else if (value instanceof List<?> list) {
      return !list.isEmpty();
    } else if (value instanceof Map<?, ?> map) {
      return !map.isEmpty();
    } else if (value instanceof DictView view) {
      return !view.elements().isEmpty();
    }
    return value != None.NONE && !(value instanceof Undefined);
  }

  /** The whole number that Python takes this value for where an int is wanted (bools count). */
  static Optional<BigInteger> asInteger(Object value) {
    if (value instanceof BigInteger integer) {
      return Optional.of(integer);
    } else if (value instanceof Boolean b) {
      return Optional.of(b ? BigInteger.ONE : BigInteger.ZERO);
    }
    return Optional.empty();
  }

  static boolean isNumber(Object value) {
    return value instanceof BigInteger || value instanceof Double || value instanceof Boolean;
  }

  static double asDouble(Object number) {
    return number instanceof Double d
        ? d
        : asInteger(number)
            .orElseThrow(() -> TemplateException.value("must be real number, not " + name(number)))
            .doubleValue();
  }
}
