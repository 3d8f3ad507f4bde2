package dev.brigade.model.template;

import dev.brigade.model.template.Filters.Filter;
import dev.brigade.model.template.Parameters.Bound;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Filters that order and group; without regard to case unless told otherwise. */
final class OrderFilters {
  private OrderFilters() {}

  static void register(Map<String, Filter> filters) {
    filters.put("sort", OrderFilters::sort);
    filters.put("dictsort", OrderFilters::sortDict);
    filters.put("groupby", OrderFilters::group);
    filters.put("unique", OrderFilters::unique);
    filters.put("min", (render, value, given) -> extreme(render, value, given, "min"));
    filters.put("max", (render, value, given) -> extreme(render, value, given, "max"));
  }

  private record Keyed(Object key, Object element) {}

  private static List<Object> sorted(
      List<Object> elements, Function<Object, Object> key, boolean descending) {
    List<Keyed> keyed = new ArrayList<>(elements.size());
    elements.forEach(element -> keyed.add(new Keyed(key.apply(element), element)));
    Comparator<Keyed> order = Comparator.comparing(Keyed::key, Comparison.ORDER);
    keyed.sort(descending ? order.reversed() : order);
    List<Object> result = new ArrayList<>(elements.size());
    keyed.forEach(each -> result.add(each.element()));
    return result;
  }

  private static boolean ignoresCase(Bound bound) {
    return !bound.flag("case_sensitive", false);
  }

  private static AttributePath path(Bound bound) {
    return AttributePath.of(bound.get("attribute", None.NONE)).ignoringCase(ignoresCase(bound));
  }

  private static Object sort(Render render, Object value, Arguments given) {
    Bound bound = Parameters.of("sort", 0, "reverse", "case_sensitive", "attribute").bind(given);
    List<AttributePath> paths = new ArrayList<>();
    for (AttributePath path : AttributePath.several(bound.get("attribute", None.NONE))) {
      paths.add(path.ignoringCase(ignoresCase(bound)));
    }
    Function<Object, Object> key =
        element -> {
          List<Object> keys = new ArrayList<>(paths.size());
          paths.forEach(path -> keys.add(path.follow(render, element)));
          return keys;
        };
    return sorted(Sequences.toList(render, value), key, bound.flag("reverse", false));
  }

  private static Object sortDict(Render render, Object value, Arguments given) {
    Bound bound = Parameters.of("dictsort", 0, "case_sensitive", "by", "reverse").bind(given);
    String by = bound.text("by", "key");
    if (!by.equals("key") && !by.equals("value")) {
      throw TemplateException.value("You can only sort by either \"key\" or \"value\"");
    } else if (value instanceof Undefined undefined) {
      throw undefined.failure();
    } else if (!(value instanceof Map<?, ?> map)) {
      throw TemplateException.value(
          PythonText.repr(Types.name(value)) + " object has no attribute 'items'");
    } else {
      AttributePath path =
          AttributePath.of(by.equals("key") ? BigInteger.ZERO : BigInteger.ONE)
              .ignoringCase(ignoresCase(bound));
      return sorted(
          Sequences.toList(render, DictView.items(map)),
          pair -> path.follow(render, pair),
          bound.flag("reverse", false));
    }
  }

  private static Object group(Render render, Object value, Arguments given) {
    Bound bound = Parameters.of("groupby", 1, "attribute", "default", "case_sensitive").bind(given);
    AttributePath path = path(bound).orElse(bound.get("default", None.NONE));
    Object lastKey = None.NONE;
    List<Object> members = null;
    List<Object> result = new ArrayList<>();
    for (Object element :
        sorted(Sequences.toList(render, value), e -> path.follow(render, e), false)) {
      Object key = path.follow(render, element);
      if (members == null || !Comparison.equal(key, lastKey)) {
        members = new ArrayList<>();
        Object shown = path.ignoringCase(false).follow(render, element);
        result.add(Tuple.group(shown, members));
        lastKey = key;
      }
      members.add(element);
    }
    return result;
  }

  private static Object unique(Render render, Object value, Arguments given) {
    Bound bound = Parameters.of("unique", 0, "case_sensitive", "attribute").bind(given);
    AttributePath path = path(bound);
    Map<Object, Object> seen = new LinkedHashMap<>();
    return Lazy.filter(
        Lazy.startedWhenAsked(() -> Sequences.iterator(value)).elements(),
        element -> {
          Object key = path.follow(render, element);
          render.spendElements(key instanceof CharSequence ? 1 : seen.size());
          boolean isNew = Dicts.find(seen, key).isEmpty();
          Dicts.put(seen, key, true);
          return isNew;
        });
  }

  private static Object extreme(Render render, Object value, Arguments given, String name) {
    AttributePath path = path(Parameters.of(name, 0, "case_sensitive", "attribute").bind(given));
    Iterator<Object> elements = Sequences.iterator(value);
    if (!elements.hasNext()) {
      return Undefined.because("No aggregated item, sequence was empty.");
    }
    Object best = elements.next();
    Object bestKey = path.follow(render, best);
    while (elements.hasNext()) {
      Object element = elements.next();
      Object key = path.follow(render, element);
      if (Comparison.ordered(key, name.equals("min") ? "<" : ">", bestKey)) {
        best = element;
        bestKey = key;
      }
    }
    return best;
  }
}
