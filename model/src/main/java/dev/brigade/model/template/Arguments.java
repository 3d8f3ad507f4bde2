package dev.brigade.model.template;

import java.util.List;
import java.util.Map;

/** The evaluated arguments of one call: positional ones, then named ones in the order written. */
record Arguments(List<Object> positional, Map<String, Object> named) {
  static final Arguments NONE = new Arguments(List.of(), Map.of());

  static Arguments of(Object... positional) {
    return new Arguments(List.of(positional), Map.of());
  }

  int count() {
    return positional.size() + named.size();
  }
}
