package dev.brigade.model.template;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The methods of dict that change nothing. */
final class DictMethods {
  private DictMethods() {}

  static Optional<Object> bind(Map<?, ?> dict, String name) {
    Callable.Body body =
        switch (name) {
          case "get" -> (render, arguments) -> get(dict, arguments);
          case "items" ->
              (render, arguments) -> view(render, name, arguments, DictView.items(dict));
          case "keys" -> (render, arguments) -> view(render, name, arguments, DictView.keys(dict));
          case "values" ->
              (render, arguments) -> view(render, name, arguments, DictView.values(dict));
          case "copy" ->
              (render, arguments) -> {
                Parameters.of(name, 0).bind(arguments);
                render.spendElements(dict.size());
                return new LinkedHashMap<Object, Object>(dict);
              };
          case "fromkeys" ->
              (render, arguments) -> {
                Parameters.Bound bound =
                    Parameters.of(name, 1, "iterable", "value").bind(arguments);
                Map<Object, Object> made = new LinkedHashMap<>();
                for (Object key : Sequences.toList(render, bound.get("iterable"))) {
                  Dicts.put(made, key, bound.get("value", None.NONE));
                }
                return made;
              };
          default -> null;
        };
    return Optional.ofNullable(body).map(found -> Callable.builtin(name, found));
  }

  private static Object get(Map<?, ?> dict, Arguments arguments) {
    Parameters.Bound bound = Parameters.of("get", 1, "key", "default").bind(arguments);
    return Dicts.find(dict, bound.get("key")).orElse(bound.get("default", None.NONE));
  }

  private static Object view(Render render, String name, Arguments arguments, DictView view) {
    Parameters.of(name, 0).bind(arguments);
    render.spendElements(view.elements().size());
    return view;
  }
}
