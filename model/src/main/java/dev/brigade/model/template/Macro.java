package dev.brigade.model.template;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A macro, or the body of a call block as its macro's {@code caller}. */
record Macro(Definition definition, Scope outer) implements Callable {

  /**
   * A macro as written.
   *
   * @param defaults those of the last parameters
   * @param reads every name that the body reads; decides whether extra arguments are accepted
   */
  record Definition(
      String name,
      List<String> parameters,
      List<Expression> defaults,
      Statements.Scoped body,
      Set<String> reads) {

    private boolean takesExtraPositional() {
      return reads.contains("varargs");
    }

    private boolean takesExtraNamed() {
      return reads.contains("kwargs");
    }

    private boolean takesCaller() {
      return reads.contains("caller");
    }

    private Optional<Expression> defaultOf(int parameter) {
      int index = parameter - (parameters.size() - defaults.size());
      return index < 0 ? Optional.empty() : Optional.of(defaults.get(index));
    }
  }

  @Override
  public String name() {
    return definition.name();
  }

  @Override
  public Object call(Render render, Arguments arguments) {
    Scope scope = outer.child(definition.body().own());
    bind(scope, arguments);
    render.enter();
    try {
      Output out = new Output(render);
      definition.body().body().run(scope, out);
      return out.text();
    } finally {
      render.leave();
    }
  }

  private void bind(Scope scope, Arguments arguments) {
    List<String> parameters = definition.parameters();
    List<Object> positional = arguments.positional();
    Map<String, Object> named = new LinkedHashMap<>(arguments.named());
    Map<Integer, Object> given = new LinkedHashMap<>();
    for (int i = 0; i < parameters.size(); i++) {
      Object value = i < positional.size() ? positional.get(i) : named.remove(parameters.get(i));
      if (value != null) {
        given.put(i, value);
      }
    }
    bindExtras(scope, positional, named);
    for (int i = 0; i < parameters.size(); i++) {
      String parameter = parameters.get(i);
      Object value = given.get(i);
      if (value == null) {
        value =
            definition
                .defaultOf(i)
                .map(expression -> expression.evaluate(scope))
                .orElseGet(
                    () ->
                        Undefined.because(
                            "parameter " + PythonText.repr(parameter) + " was not provided"));
      }
      scope.set(parameter, value);
    }
  }

  private void bindExtras(Scope scope, List<Object> positional, Map<String, Object> named) {
    int count = definition.parameters().size();
    if (definition.takesCaller() && !definition.parameters().contains("caller")) {
      Object caller = named.remove("caller");
      scope.set("caller", caller == null ? Undefined.because("No caller defined") : caller);
    }
    if (definition.takesExtraNamed()) {
      scope.set("kwargs", new LinkedHashMap<Object, Object>(named));
    } else if (!named.isEmpty()) {
      throw TemplateException.value(
          "macro %s takes no keyword argument %s"
              .formatted(
                  PythonText.repr(name()), PythonText.repr(named.keySet().iterator().next())));
    }
    if (definition.takesExtraPositional()) {
      scope.set(
          "varargs",
          Tuple.copyOf(positional.subList(Math.min(count, positional.size()), positional.size())));
    } else if (positional.size() > count) {
      throw TemplateException.value(
          "macro %s takes not more than %d argument(s)".formatted(PythonText.repr(name()), count));
    }
  }

  Optional<Object> attribute(String attribute) {
    return switch (attribute) {
      case "name" -> Optional.of(name());
      case "arguments" -> Optional.of(Tuple.copyOf(definition.parameters()));
      case "catch_kwargs" -> Optional.of(definition.takesExtraNamed());
      case "catch_varargs" -> Optional.of(definition.takesExtraPositional());
      case "caller" -> Optional.of(definition.takesCaller());
      default -> Optional.empty();
    };
  }
}
