package dev.brigade.model.template;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/** What {@code dict.keys()}, {@code .values()} and {@code .items()} give: iterable, no sequence. */
record DictView(String typeName, List<Object> elements) implements Iterable<Object> {

  static DictView keys(Map<?, ?> dict) {
    return new DictView("dict_keys", new ArrayList<>(dict.keySet()));
  }

  static DictView values(Map<?, ?> dict) {
    return new DictView("dict_values", new ArrayList<>(dict.values()));
  }

  static DictView items(Map<?, ?> dict) {
    List<Object> pairs = new ArrayList<>(dict.size());
    dict.forEach((key, value) -> pairs.add(Tuple.of(key, value)));
    return new DictView("dict_items", pairs);
  }

  @Override
  public Iterator<Object> iterator() {
    return elements.iterator();
  }
}
