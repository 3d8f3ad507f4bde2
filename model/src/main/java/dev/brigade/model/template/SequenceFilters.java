package dev.brigade.model.template;

import dev.brigade.model.template.Filters.Filter;
import dev.brigade.model.template.Parameters.Bound;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/** Filters on whole sequences and dicts. */
final class SequenceFilters {
  private SequenceFilters() {}

  static void register(Map<String, Filter> filters) {
    filters.put("default", SequenceFilters::orDefault);
    filters.put("d", SequenceFilters::orDefault);
    filters.put("first", SequenceFilters::first);
    filters.put("last", SequenceFilters::last);
    filters.put("join", SequenceFilters::join);
    filters.put("list", SequenceFilters::list);
    filters.put("items", SequenceFilters::items);
    filters.put("reverse", SequenceFilters::reverse);
    filters.put("attr", SequenceFilters::attribute);
    filters.put("sum", SequenceFilters::sum);
    filters.put("batch", SequenceFilters::batch);
    filters.put("slice", SequenceFilters::slice);
  }

  private static Object orDefault(Render render, Object value, Arguments given) {
    Bound bound = Parameters.of("default", 0, "default_value", "boolean").bind(given);
    boolean absent =
        value instanceof Undefined || (bound.flag("boolean", false) && !Types.truth(value));
    return absent ? bound.get("default_value", "") : value;
  }

  private static Object first(Render render, Object value, Arguments given) {
    Parameters.of("first", 0).bind(given);
    Iterator<Object> elements = Sequences.iterator(value);
    return elements.hasNext()
        ? elements.next()
        : Undefined.because("No first item, sequence was empty.");
  }

  private static Object last(Render render, Object value, Arguments given) {
    Parameters.of("last", 0).bind(given);
    if (value instanceof Lazy) {
      throw notReversible(value);
    }
    List<Object> elements = Sequences.toList(render, value);
    return elements.isEmpty()
        ? Undefined.because("No last item, sequence was empty.")
        : elements.get(elements.size() - 1);
  }

  private static TemplateException notReversible(Object value) {
    return TemplateException.value(
        PythonText.repr(Types.name(value)) + " object is not reversible");
  }

  private static Object join(Render render, Object value, Arguments given) {
    Bound bound = Parameters.of("join", 0, "d", "attribute").bind(given);
    String separator = PythonText.str(bound.get("d", ""));
    AttributePath path = AttributePath.of(bound.get("attribute", None.NONE));
    StringBuilder joined = new StringBuilder();
    Iterator<Object> elements = Sequences.iterator(value);
    boolean first = true;
    while (elements.hasNext()) {
      String text = PythonText.str(path.follow(render, elements.next()));
      render.spendText(text.length() + separator.length());
      joined.append(first ? "" : separator).append(text);
      first = false;
    }
    return joined.toString();
  }

  private static Object list(Render render, Object value, Arguments given) {
    Parameters.of("list", 0).bind(given);
    return Sequences.toList(render, value);
  }

  private static Object items(Render render, Object value, Arguments given) {
    Parameters.of("items", 0).bind(given);
    return Lazy.startedWhenAsked(
        () -> {
          if (value instanceof Undefined) {
            return Collections.emptyIterator();
          } else if (value instanceof Map<?, ?> map) {
            render.spendElements(map.size());
            return DictView.items(map).iterator();
          }
          throw TemplateException.value("Can only get item pairs from a mapping.");
        });
  }

  private static Object reverse(Render render, Object value, Arguments given) {
    Parameters.of("reverse", 0).bind(given);
    if (!Sequences.isIterable(value)) {
      throw TemplateException.value("argument must be iterable");
    }
    List<Object> elements = Sequences.toList(render, value);
    Collections.reverse(elements);
    if (value instanceof CharSequence) {
      StringBuilder reversed = new StringBuilder();
      elements.forEach(reversed::append);
      return value instanceof Markup ? new Markup(reversed.toString()) : reversed.toString();
    }
    return value instanceof Lazy
        ? elements
        : new Lazy(Types.name(value) + "_reverseiterator", elements.iterator());
  }

  private static Object attribute(Render render, Object value, Arguments given) {
    String name = Parameters.of("attr", 1, "name").bind(given).text("name");
    if (value instanceof Undefined undefined) {
      throw undefined.failure();
    }
    return Attributes.find(value, name).orElseGet(() -> Undefined.attribute(value, name));
  }

  private static Object sum(Render render, Object value, Arguments given) {
    Bound bound = Parameters.of("sum", 0, "attribute", "start").bind(given);
    AttributePath path = AttributePath.of(bound.get("attribute", None.NONE));
    Object total = bound.get("start", BigInteger.ZERO);
    if (total instanceof CharSequence) {
      throw TemplateException.value("sum() can't sum strings [use ''.join(seq) instead]");
    }
    Iterator<Object> elements = Sequences.iterator(value);
    while (elements.hasNext()) {
      total = Arithmetic.binary(render, total, "+", path.follow(render, elements.next()));
    }
    return total;
  }

  private static Object batch(Render render, Object value, Arguments given) {
    Bound bound = Parameters.of("batch", 1, "linecount", "fill_with").bind(given);
    return Lazy.startedWhenAsked(() -> rows(render, value, bound).iterator());
  }

  private static List<Object> rows(Render render, Object value, Bound bound) {
    int count = bound.integer("linecount", 0);
    List<Object> rows = new ArrayList<>();
    List<Object> row = new ArrayList<>();
    for (Object element : Sequences.toList(render, value)) {
      if (row.size() == count) {
        rows.add(row);
        row = new ArrayList<>();
      }
      row.add(element);
    }
    if (!row.isEmpty()) {
      if (bound.isSet("fill_with") && row.size() < count) {
        render.spendElements(count);
        row.addAll(Collections.nCopies(count - row.size(), bound.get("fill_with")));
      }
      rows.add(row);
    }
    return rows;
  }

  private static Object slice(Render render, Object value, Arguments given) {
    Bound bound = Parameters.of("slice", 1, "slices", "fill_with").bind(given);
    return Lazy.startedWhenAsked(() -> columns(render, value, bound).iterator());
  }

  private static List<Object> columns(Render render, Object value, Bound bound) {
    int slices = bound.integer("slices", 0);
    List<Object> elements = Sequences.toList(render, value);
    if (slices == 0) {
      throw TemplateException.value("integer division or modulo by zero");
    }
    render.spendElements(Math.max(0, slices));
    int size = Math.floorDiv(elements.size(), slices);
    int longer = Math.floorMod(elements.size(), slices);
    List<Object> columns = new ArrayList<>();
    int start = 0;
    for (int i = 0; i < slices; i++) {
      int end = start + size + (i < longer ? 1 : 0);
      List<Object> column = new ArrayList<>(elements.subList(start, end));
      if (bound.isSet("fill_with") && i >= longer) {
        column.add(bound.get("fill_with"));
      }
      columns.add(column);
      start = end;
    }
    return columns;
  }
}
