package dev.brigade.model.template;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Iterating, measuring and searching values as Python does. */
final class Sequences {
  private Sequences() {}

  static Iterator<Object> iterator(Object value) {
    return iterable(value)
        .orElseThrow(
            () ->
                TemplateException.value(
                    PythonText.repr(Types.name(value)) + " object is not iterable"));
  }

  static boolean isIterable(Object value) {
    return iterable(value).isPresent();
  }

  private static Optional<Iterator<Object>> iterable(Object value) {
    if (value instanceof CharSequence text) {
      return Optional.of(CodePoints.characters(text).iterator());
    } else if (value instanceof List<?> list) {
      return Optional.of(Collections.<Object>unmodifiableList(list).iterator());
    } else if (value instanceof Map<?, ?> map) {
      return Optional.of(Collections.<Object>unmodifiableSet(map.keySet()).iterator());
    } else if (value instanceof DictView view) {
      return Optional.of(view.iterator());
    } else if (value instanceof Lazy lazy) {
      return Optional.of(lazy.elements());
    } else if (value instanceof Undefined) {
      return Optional.of(Collections.emptyIterator());
    }
    return Optional.empty();
  }

  /** All elements, in a list of the caller's own. */
  static List<Object> toList(Render render, Object value) {
    List<Object> elements = new ArrayList<>();
    Iterator<Object> iterator = iterator(value);
    while (iterator.hasNext()) {
      render.spendElements(1);
      elements.add(iterator.next());
    }
    return elements;
  }

  static Optional<Integer> sizeIfAny(Object value) {
    if (value instanceof CharSequence text) {
      return Optional.of(CodePoints.length(text));
    } else if (value instanceof List<?> list) {
      return Optional.of(list.size());
    } else if (value instanceof Map<?, ?> map) {
      return Optional.of(map.size());
    } else if (value instanceof DictView view) {
      return Optional.of(view.elements().size());
    } else if (value instanceof Undefined) {
      return Optional.of(0);
    } else if (value instanceof Loop loop) {
      return Optional.of(loop.length());
    }
    return Optional.empty();
  }

  /** Python's {@code len(value)}. */
  static int size(Object value) {
    return sizeIfAny(value)
        .orElseThrow(
            () ->
                TemplateException.value(
                    "object of type " + PythonText.repr(Types.name(value)) + " has no len()"));
  }

  /** Python's {@code element in container}. */
  static boolean contains(Render render, Object container, Object element) {
    if (container instanceof CharSequence text) {
      if (element instanceof CharSequence part) {
        render.spendText(text.length());
        return text.toString().contains(part);
      }
      throw TemplateException.value(
          "'in <string>' requires string as left operand, not " + Types.name(element));
    } else if (container instanceof Map<?, ?> map) {
      return Dicts.find(map, element).isPresent();
    } else if (!isIterable(container)) {
      throw TemplateException.value(
          "argument of type " + PythonText.repr(Types.name(container)) + " is not iterable");
    }
    Iterator<Object> iterator = iterator(container);
    while (iterator.hasNext()) {
      render.spendElements(1);
      if (Comparison.equal(iterator.next(), element)) {
        return true;
      }
    }
    return false;
  }

  static int clamp(BigInteger value) {
    return value.bitLength() < 32
        ? value.intValue()
        : value.signum() < 0 ? Integer.MIN_VALUE : Integer.MAX_VALUE;
  }
}
