package dev.brigade.model.template;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/** The {@code loop} variable, and the walk over the elements. Looks ahead only when asked to. */
final class Loop implements Callable {

  /** Renders the loop again for inner elements, one level deeper. */
  interface Recursion {
    Object render(Object elements, int depth);
  }

  private final Optional<Recursion> recursion;
  private final int depth;
  private Iterator<Object> elements;
  private Optional<Integer> length;
  private int index0 = -1;
  private Object previous = Undefined.because("there is no previous item");
  private Object current;
  private Optional<Object> ahead = Optional.empty();
  private Optional<Tuple> lastChanged = Optional.empty();

  Loop(
      Iterator<Object> elements,
      Optional<Integer> length,
      Optional<Recursion> recursion,
      int depth) {
    this.elements = elements;
    this.length = length;
    this.recursion = recursion;
    this.depth = depth;
  }

  boolean advance() {
    Optional<Object> next = peek();
    if (next.isEmpty()) {
      return false;
    }
    ahead = Optional.empty();
    previous = index0 < 0 ? previous : current;
    current = next.get();
    index0++;
    return true;
  }

  Object current() {
    return current;
  }

  int index() {
    return index0 + 1;
  }

  int length() {
    if (length.isEmpty()) {
      List<Object> rest = new ArrayList<>();
      elements.forEachRemaining(rest::add);
      elements = rest.iterator();
      length = Optional.of(rest.size() + index() + (ahead.isPresent() ? 1 : 0));
    }
    return length.get();
  }

  private Optional<Object> peek() {
    if (ahead.isEmpty() && elements.hasNext()) {
      ahead = Optional.of(elements.next());
    }
    return ahead;
  }

  Optional<Object> attribute(String name) {
    return switch (name) {
      case "index" -> integer(index());
      case "index0" -> integer(index0);
      case "revindex" -> integer(length() - index0);
      case "revindex0" -> integer(length() - index());
      case "first" -> Optional.of(index0 == 0);
      case "last" -> Optional.of(peek().isEmpty());
      case "length" -> integer(length());
      case "depth" -> integer(depth + 1);
      case "depth0" -> integer(depth);
      case "previtem" -> Optional.of(previous);
      case "nextitem" -> Optional.of(peek().orElse(Undefined.because("there is no next item")));
      case "cycle" -> Optional.of(Callable.builtin("cycle", (render, given) -> cycle(given)));
      case "changed" -> Optional.of(Callable.builtin("changed", (render, given) -> changed(given)));
      default -> Optional.empty();
    };
  }

  private static Optional<Object> integer(int value) {
    return Optional.of(BigInteger.valueOf(value));
  }

  private Object cycle(Arguments arguments) {
    if (arguments.positional().isEmpty()) {
      throw TemplateException.value("no items for cycling given");
    }
    return arguments.positional().get(index0 % arguments.positional().size());
  }

  private Object changed(Arguments arguments) {
    Tuple values = Tuple.copyOf(arguments.positional());
    boolean same = lastChanged.isPresent() && Comparison.equal(lastChanged.get(), values);
    lastChanged = Optional.of(values);
    return !same;
  }

  @Override
  public String name() {
    return "loop";
  }

  @Override
  public Object call(Render render, Arguments arguments) {
    if (recursion.isEmpty()) {
      throw TemplateException.value(
          "The loop must have the 'recursive' marker to be called recursively.");
    }
    Object elements = Parameters.of("loop", 1, "iterable").bind(arguments).get("iterable");
    return recursion.get().render(elements, depth + 1);
  }
}
