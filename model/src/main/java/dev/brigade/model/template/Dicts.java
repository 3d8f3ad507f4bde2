package dev.brigade.model.template;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Dictionaries keyed as in Python, where 1, 1.0 and True are one key. */
final class Dicts {
  private Dicts() {}

  /** The value under a key; empty when there is none. */
  static Optional<Object> find(Map<?, ?> dict, Object key) {
    requireHashable(key);
    if (key instanceof CharSequence) {
      return Optional.ofNullable(dict.get(key.toString()));
    }
    return storedKey(dict, key).map(dict::get);
  }

  static void put(Map<Object, Object> dict, Object key, Object value) {
    requireHashable(key);
    if (key instanceof CharSequence) {
      dict.put(key.toString(), value);
    } else {
      dict.put(storedKey(dict, key).orElse(key), value);
    }
  }

  private static Optional<Object> storedKey(Map<?, ?> dict, Object key) {
    for (Object stored : dict.keySet()) {
      if (Comparison.equal(stored, key)) {
        return Optional.of(stored);
      }
    }
    return Optional.empty();
  }

  private static void requireHashable(Object key) {
    if (key instanceof Map
        || key instanceof DictView
        || (key instanceof List && !(key instanceof Tuple) && !(key instanceof Range))) {
      throw TemplateException.value("unhashable type: " + PythonText.repr(Types.name(key)));
    } else if (key instanceof Tuple tuple) {
      tuple.forEach(Dicts::requireHashable);
    }
  }

  /** What {@code dict(mapping or pairs, **named)} makes. */
  static Map<Object, Object> make(Render render, Arguments arguments) {
    if (arguments.positional().size() > 1) {
      throw TemplateException.value(
          "dict expected at most 1 argument, got " + arguments.positional().size());
    }
    Map<Object, Object> dict = new LinkedHashMap<>();
    for (Object source : arguments.positional()) {
      if (source instanceof Map<?, ?> map) {
        dict.putAll(map);
      } else {
        for (Object pair : Sequences.toList(render, source)) {
          List<Object> two = Sequences.toList(render, pair);
          if (two.size() != 2) {
            throw TemplateException.value(
                "dictionary update sequence element has length " + two.size() + "; 2 is required");
          }
          put(dict, two.get(0), two.get(1));
        }
      }
    }
    dict.putAll(arguments.named());
    render.spendElements(dict.size());
    return dict;
  }
}
