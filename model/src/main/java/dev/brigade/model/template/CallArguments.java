package dev.brigade.model.template;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The arguments written in a call: {@code (a, b, name=c, *list, **dict)}. */
record CallArguments(
    List<Expression> positional,
    Map<String, Expression> named,
    Optional<Expression> unpackedList,
    Optional<Expression> unpackedDict) {

  static final CallArguments NONE =
      new CallArguments(List.of(), Map.of(), Optional.empty(), Optional.empty());

  static CallArguments of(Expression only) {
    return new CallArguments(List.of(only), Map.of(), Optional.empty(), Optional.empty());
  }

  Arguments evaluate(Scope scope) {
    if (this == NONE) {
      return Arguments.NONE;
    }
    List<Object> values = new ArrayList<>(positional.size());
    for (Expression expression : positional) {
      values.add(expression.evaluate(scope));
    }
    unpackedList.ifPresent(
        list -> values.addAll(Sequences.toList(scope.render(), list.evaluate(scope))));
    Map<String, Object> byName = new LinkedHashMap<>();
    named.forEach((name, expression) -> byName.put(name, expression.evaluate(scope)));
    unpackedDict.ifPresent(dict -> unpack(dict.evaluate(scope), byName));
    return new Arguments(values, byName);
  }

  private static void unpack(Object value, Map<String, Object> byName) {
    if (!(value instanceof Map<?, ?> dict)) {
      throw TemplateException.value(
          "argument after ** must be a mapping, not " + Types.name(value));
    }
    dict.forEach(
        (key, element) -> {
          if (!(key instanceof String name)) {
            throw TemplateException.value("keywords must be strings");
          }
          if (byName.put(name, element) != null) {
            throw TemplateException.value(
                "got multiple values for keyword argument " + PythonText.repr(name));
          }
        });
  }
}
