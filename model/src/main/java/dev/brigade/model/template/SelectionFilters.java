package dev.brigade.model.template;

import dev.brigade.model.template.Filters.Filter;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** {@code map}, {@code select}, {@code reject} and their forms for attributes. */
final class SelectionFilters {
  private SelectionFilters() {}

  static void register(Map<String, Filter> filters) {
    filters.put("map", SelectionFilters::map);
    filters.put("select", (render, value, given) -> select(render, value, given, true));
    filters.put("reject", (render, value, given) -> select(render, value, given, false));
    filters.put("selectattr", (render, value, given) -> selectBy(render, value, given, true));
    filters.put("rejectattr", (render, value, given) -> selectBy(render, value, given, false));
  }

  private static Iterator<Object> elements(Object value) {
    return Lazy.startedWhenAsked(
            () -> Types.truth(value) ? Sequences.iterator(value) : Collections.emptyIterator())
        .elements();
  }

  private static Object map(Render render, Object value, Arguments given) {
    List<Object> positional = given.positional();
    if (positional.isEmpty() && given.named().containsKey("attribute")) {
      Map<String, Object> named = new LinkedHashMap<>(given.named());
      Object attribute = named.remove("attribute");
      Object absent = named.remove("default");
      if (!named.isEmpty()) {
        throw TemplateException.value(
            "Unexpected keyword argument " + PythonText.repr(named.keySet().iterator().next()));
      }
      AttributePath path = AttributePath.of(attribute).orElse(absent == null ? None.NONE : absent);
      return Lazy.map(elements(value), element -> path.follow(render, element));
    } else if (positional.isEmpty()) {
      throw TemplateException.value("map requires a filter argument");
    }
    String filter = PythonText.str(positional.get(0));
    Arguments rest = new Arguments(positional.subList(1, positional.size()), given.named());
    return Lazy.map(
        elements(value),
        element -> {
          render.spendStep();
          return Filters.apply(render, filter, element, rest);
        });
  }

  private static Object select(Render render, Object value, Arguments given, boolean wanted) {
    Predicate<Object> test = test(render, given.positional(), given.named());
    return Lazy.filter(elements(value), element -> test.test(element) == wanted);
  }

  private static Object selectBy(Render render, Object value, Arguments given, boolean wanted) {
    List<Object> positional = given.positional();
    if (positional.isEmpty()) {
      throw TemplateException.value("Missing parameter for attribute name");
    }
    AttributePath path = AttributePath.of(positional.get(0));
    Predicate<Object> test = test(render, positional.subList(1, positional.size()), given.named());
    return Lazy.filter(
        elements(value), element -> test.test(path.follow(render, element)) == wanted);
  }

  private static Predicate<Object> test(
      Render render, List<Object> positional, Map<String, Object> named) {
    if (positional.isEmpty()) {
      return element -> {
        render.spendStep();
        return Types.truth(element);
      };
    }
    String name = PythonText.str(positional.get(0));
    Arguments rest = new Arguments(positional.subList(1, positional.size()), named);
    return element -> {
      render.spendStep();
      return Tests.holds(render, name, element, rest);
    };
  }
}
