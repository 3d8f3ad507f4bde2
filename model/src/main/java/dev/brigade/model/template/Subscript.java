package dev.brigade.model.template;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code value[key]} and {@code value[start:stop:step]}. */
final class Subscript {
  private Subscript() {}

  /** The item under a key or index; a string key that is none is tried as an attribute. */
  static Object item(Render render, Object owner, Object key) {
    if (owner instanceof Undefined undefined) {
      throw undefined.failure();
    }
    Optional<Object> item = strictItem(owner, key);
    if (item.isEmpty() && key instanceof CharSequence) {
      item = Attributes.find(owner, key.toString());
    }
    return item.orElseGet(() -> Undefined.attribute(owner, key));
  }

  /** What Python's own subscript finds; empty where it raises TypeError or LookupError. */
  static Optional<Object> strictItem(Object owner, Object key) {
    if (owner instanceof Map<?, ?> map) {
      try {
        return Dicts.find(map, key);
      } catch (TemplateException unhashable) {
        return Optional.empty();
      }
    }
    Optional<BigInteger> index = Types.asInteger(key);
    if (index.isEmpty()) {
      return Optional.empty();
    } else if (owner instanceof List<?> list) {
      int at = position(index.get(), list.size());
      return at < 0 ? Optional.empty() : Optional.of(list.get(at));
    } else if (owner instanceof CharSequence text) {
      int at = position(index.get(), CodePoints.length(text));
      return at < 0
          ? Optional.empty()
          : Optional.of(like(owner, CodePoints.substring(text.toString(), at, at + 1)));
    }
    return Optional.empty();
  }

  private static int position(BigInteger index, int size) {
    int at = Sequences.clamp(index);
    at = at < 0 ? at + size : at;
    return at < size ? Math.max(at, -1) : -1;
  }

  /** A slice; each bound is None where the template leaves it out. */
  static Object slice(Render render, Object owner, Object start, Object stop, Object step) {
    if (owner instanceof Undefined undefined) {
      throw undefined.failure();
    } else if (owner instanceof Map) {
      throw TemplateException.value("unhashable type: 'slice'");
    } else if (!(owner instanceof CharSequence) && !(owner instanceof List)) {
      throw TemplateException.value(
          PythonText.repr(Types.name(owner)) + " object is not subscriptable");
    }
    int stride = step == None.NONE ? 1 : bound(step);
    if (stride == 0) {
      throw TemplateException.value("slice step cannot be zero");
    }
    int size = Sequences.size(owner);
    boolean forward = stride > 0;
    int from = start == None.NONE ? (forward ? 0 : size - 1) : edge(start, size, forward);
    int to = stop == None.NONE ? (forward ? size : -1) : edge(stop, size, forward);
    if (owner instanceof Range range) {
      return range.slice(from, to, stride);
    }
    render.spendElements(
        owner instanceof List ? Math.abs((long) to - from) / Math.abs((long) stride) : 0);
    if (owner instanceof CharSequence text) {
      render.spendText(size);
      if (stride == 1) {
        return like(owner, CodePoints.substring(text.toString(), from, Math.max(from, to)));
      }
      StringBuilder sliced = new StringBuilder();
      pick(CodePoints.characters(text), from, to, stride).forEach(sliced::append);
      return like(owner, sliced.toString());
    }
    List<Object> picked = pick((List<?>) owner, from, to, stride);
    return owner instanceof Tuple ? Tuple.copyOf(picked) : picked;
  }

  private static List<Object> pick(List<?> source, int from, int to, int stride) {
    List<Object> picked = new ArrayList<>();
    for (long i = from; stride > 0 ? i < to : i > to; i += stride) {
      picked.add(source.get((int) i));
    }
    return picked;
  }

  private static int edge(Object bound, int size, boolean forward) {
    int at = bound(bound);
    at = at < 0 ? Math.max(at + size, forward ? 0 : -1) : at;
    return Math.min(at, forward ? size : size - 1);
  }

  private static int bound(Object bound) {
    if (bound instanceof Undefined undefined) {
      throw undefined.failure();
    }
    return Types.asInteger(bound)
        .map(Sequences::clamp)
        .orElseThrow(
            () ->
                TemplateException.value(
                    "slice indices must be integers or None or have an __index__ method"));
  }

  private static Object like(Object owner, String text) {
    return owner instanceof Markup ? new Markup(text) : text;
  }
}
