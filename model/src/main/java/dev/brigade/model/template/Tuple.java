package dev.brigade.model.template;

import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;

/** Python's tuple: a list that never equals one and prints in parentheses. */
final class Tuple extends AbstractList<Object> {
  private final List<Object> items;
  private final List<String> fieldNames;

  private Tuple(List<Object> items, List<String> fieldNames) {
    this.items = items;
    this.fieldNames = fieldNames;
  }

  static Tuple of(Object... items) {
    return new Tuple(List.of(items), List.of());
  }

  static Tuple copyOf(List<?> items) {
    return new Tuple(new ArrayList<>(items), List.of());
  }

  /** A group of {@code |groupby}: its two items can also be asked for by name. */
  static Tuple group(Object grouper, List<Object> members) {
    return new Tuple(List.of(grouper, members), List.of("grouper", "list"));
  }

  /** The position of the item with this name, or -1. */
  int field(String name) {
    return fieldNames.indexOf(name);
  }

  @Override
  public Object get(int index) {
    return items.get(index);
  }

  @Override
  public int size() {
    return items.size();
  }
}
