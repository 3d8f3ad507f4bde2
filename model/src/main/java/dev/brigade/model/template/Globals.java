package dev.brigade.model.template;

import dev.brigade.model.template.TemplateException.Kind;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The functions that every chat template can call. */
final class Globals {
  private static final Map<String, Object> ALL =
      Map.ofEntries(
          global("range", Globals::range),
          global("dict", Dicts::make),
          global("namespace", Globals::namespace),
          global("raise_exception", Globals::raise),
          global("strftime_now", Globals::now),
          global("cycler", Globals::cycler),
          global("joiner", Globals::joiner));

  private Globals() {}

  static Map<String, Object> all() {
    return ALL;
  }

  private static Map.Entry<String, Object> global(String name, Callable.Body body) {
    return Map.entry(name, Callable.builtin(name, body));
  }

  private static Object range(Render render, Arguments arguments) {
    List<BigInteger> bounds = new ArrayList<>();
    for (Object argument : arguments.positional()) {
      if (argument instanceof Undefined undefined) {
        throw undefined.failure();
      }
      bounds.add(
          Types.asInteger(argument)
              .orElseThrow(
                  () ->
                      TemplateException.value(
                          PythonText.repr(Types.name(argument))
                              + " object cannot be interpreted as an integer")));
    }
    return switch (bounds.size()) {
      case 1 -> new Range(BigInteger.ZERO, bounds.get(0), BigInteger.ONE);
      case 2 -> new Range(bounds.get(0), bounds.get(1), BigInteger.ONE);
      case 3 -> new Range(bounds.get(0), bounds.get(1), bounds.get(2));
      default ->
          throw TemplateException.value("range expected 1 to 3 arguments, got " + bounds.size());
    };
  }

  private static Object namespace(Render render, Arguments arguments) {
    Namespace namespace = new Namespace();
    Dicts.make(render, arguments)
        .forEach((name, value) -> namespace.attributes().put(PythonText.str(name), value));
    return namespace;
  }

  private static Object raise(Render render, Arguments arguments) {
    Object message = Parameters.of("raise_exception", 1, "message").bind(arguments).get("message");
    throw new TemplateException(Kind.RAISED, PythonText.str(message));
  }

  private static Object now(Render render, Arguments arguments) {
    String format = Parameters.of("strftime_now", 1, "format").bind(arguments).text("format");
    return Strftime.format(render.now(), format);
  }

  /** jinja2's cycler: {@code next()}, {@code current} and {@code reset()} over its arguments. */
  private static Object cycler(Render render, Arguments arguments) {
    if (arguments.positional().isEmpty()) {
      throw TemplateException.value("at least one item has to be provided");
    }
    int[] position = {0};
    List<Object> items = arguments.positional();
    Namespace cycler = new Namespace();
    cycler.attributes().put("current", items.get(0));
    cycler
        .attributes()
        .put(
            "next",
            Callable.builtin(
                "next",
                (inner, none) -> {
                  Object item = items.get(position[0]);
                  position[0] = (position[0] + 1) % items.size();
                  cycler.attributes().put("current", items.get(position[0]));
                  return item;
                }));
    cycler
        .attributes()
        .put(
            "reset",
            Callable.builtin(
                "reset",
                (inner, none) -> {
                  position[0] = 0;
                  cycler.attributes().put("current", items.get(0));
                  return None.NONE;
                }));
    return cycler;
  }

  /** jinja2's joiner: nothing at its first call, its separator at every later one. */
  private static Object joiner(Render render, Arguments arguments) {
    Object separator = Parameters.of("joiner", 0, "sep").bind(arguments).get("sep", ", ");
    boolean[] used = {false};
    return Callable.builtin(
        "joiner",
        (inner, none) -> {
          Object given = used[0] ? separator : "";
          used[0] = true;
          return given;
        });
  }
}
