package dev.brigade.model.template;

import java.math.BigInteger;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The parameters that a built-in filter, test or method declares; binds a call to them. */
record Parameters(String function, int required, List<String> names) {

  static Parameters of(String function, int required, String... names) {
    return new Parameters(function, required, List.of(names));
  }

  /** The values by parameter name, with Python's complaints about too many, unknown or missing. */
  Bound bind(Arguments arguments) {
    List<Object> positional = arguments.positional();
    if (positional.size() > names.size()) {
      throw TemplateException.value(
          "%s() takes at most %d argument(s), got %d"
              .formatted(function, names.size(), positional.size()));
    }
    Map<String, Object> values = new HashMap<>();
    for (int i = 0; i < positional.size(); i++) {
      values.put(names.get(i), positional.get(i));
    }
    arguments
        .named()
        .forEach(
            (name, value) -> {
              if (!names.contains(name)) {
                throw TemplateException.value(
                    "%s() got an unexpected keyword argument '%s'".formatted(function, name));
              }
              if (values.put(name, value) != null) {
                throw TemplateException.value(
                    "%s() got multiple values for argument '%s'".formatted(function, name));
              }
            });
    for (String name : names.subList(0, required)) {
      if (!values.containsKey(name)) {
        throw TemplateException.value(
            "%s() missing required argument '%s'".formatted(function, name));
      }
    }
    return new Bound(function, values);
  }

  /** Arguments bound to parameters. */
  record Bound(String function, Map<String, Object> values) {

    boolean has(String name) {
      return values.containsKey(name);
    }

    Object get(String name) {
      return values.get(name);
    }

    Object get(String name, Object absent) {
      return values.getOrDefault(name, absent);
    }

    /** Given and not None. */
    boolean isSet(String name) {
      return values.getOrDefault(name, None.NONE) != None.NONE;
    }

    boolean flag(String name, boolean absent) {
      return has(name) ? Types.truth(get(name)) : absent;
    }

    String text(String name) {
      Object value = get(name);
      if (value instanceof CharSequence) {
        return value.toString();
      }
      throw wrongType(name, "a str", value);
    }

    String text(String name, String absent) {
      return has(name) ? text(name) : absent;
    }

    /** A whole number, cut to what an int can hold. */
    int integer(String name, int absent) {
      if (!has(name)) {
        return absent;
      }
      return Types.asInteger(get(name))
          .map(Sequences::clamp)
          .orElseThrow(() -> wrongType(name, "an int", get(name)));
    }

    BigInteger bigInteger(String name) {
      return Types.asInteger(get(name)).orElseThrow(() -> wrongType(name, "an int", get(name)));
    }

    private TemplateException wrongType(String name, String expected, Object value) {
      if (value instanceof Undefined undefined) {
        return undefined.failure();
      }
      return TemplateException.value(
          "%s() argument '%s' must be %s, not %s"
              .formatted(function, name, expected, Types.name(value)));
    }
  }
}
