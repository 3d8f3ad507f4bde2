package dev.brigade.model.template;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The methods of list, tuple and range that change nothing. */
final class ListMethods {
  private ListMethods() {}

  static Optional<Object> bind(List<?> list, String name) {
    Callable.Body body =
        switch (name) {
          case "count" -> (render, arguments) -> count(render, list, arguments);
          case "index" -> (render, arguments) -> index(render, list, arguments);
          case "copy" ->
              list instanceof Tuple || list instanceof Range
                  ? null
                  : (render, arguments) -> {
                    render.spendElements(list.size());
                    return new ArrayList<Object>(list);
                  };
          default -> null;
        };
    return Optional.ofNullable(body).map(found -> Callable.builtin(name, found));
  }

  private static Object count(Render render, List<?> list, Arguments arguments) {
    Object wanted = Parameters.of("count", 1, "value").bind(arguments).get("value");
    render.spendElements(list.size());
    return BigInteger.valueOf(
        list.stream().filter(element -> Comparison.equal(element, wanted)).count());
  }

  private static Object index(Render render, List<?> list, Arguments arguments) {
    Parameters.Bound bound = Parameters.of("index", 1, "value", "start", "stop").bind(arguments);
    render.spendElements(list.size());
    int start = bound.integer("start", 0);
    int stop = bound.integer("stop", list.size());
    int from = Math.max(0, start < 0 ? start + list.size() : start);
    int to = Math.min(list.size(), stop < 0 ? stop + list.size() : stop);
    for (int i = from; i < to; i++) {
      if (Comparison.equal(list.get(i), bound.get("value"))) {
        return BigInteger.valueOf(i);
      }
    }
    throw TemplateException.value(PythonText.repr(bound.get("value")) + " is not in list");
  }
}
