package dev.brigade.model.template;

import java.util.HashMap;
import java.util.Map;

/** All filters by name. */
final class Filters {
  private static final Map<String, Filter> ALL = new HashMap<>();

  /** One filter, given the value before the bar and its arguments. */
  interface Filter {
    Object apply(Render render, Object value, Arguments arguments);
  }

  static {
    TextFilters.register(ALL);
    NumberFilters.register(ALL);
    SequenceFilters.register(ALL);
    SelectionFilters.register(ALL);
    OrderFilters.register(ALL);
  }

  private Filters() {}

  static boolean exists(String name) {
    return ALL.containsKey(name);
  }

  static Object apply(Render render, String name, Object value, Arguments arguments) {
    Filter filter = ALL.get(name);
    if (filter == null) {
      throw TemplateException.value("No filter named " + PythonText.repr(name) + " found.");
    }
    return filter.apply(render, value, arguments);
  }
}
