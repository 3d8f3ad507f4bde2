package dev.brigade.model.template;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The kinds of statement but for loops, each of which knows how to run itself. */
final class Statements {
  private Statements() {}

  record Text(String text) implements Statement {
    @Override
    public Flow run(Scope scope, Output out) {
      out.print(text);
      return Flow.NEXT;
    }
  }

  record Print(Expression expression) implements Statement {
    @Override
    public Flow run(Scope scope, Output out) {
      out.print(PythonText.str(expression.evaluate(scope)));
      return Flow.NEXT;
    }
  }

  record Branch(Expression condition, Body body) {}

  record If(List<Branch> branches, Body otherwise) implements Statement {
    @Override
    public Flow run(Scope scope, Output out) {
      for (Branch branch : branches) {
        if (Types.truth(branch.condition().evaluate(scope))) {
          return branch.body().run(scope, out);
        }
      }
      return otherwise.run(scope, out);
    }
  }

  record Leave(Flow flow) implements Statement {
    @Override
    public Flow run(Scope scope, Output out) {
      return flow;
    }
  }

  record Set(Target target, Expression value) implements Statement {
    @Override
    public Flow run(Scope scope, Output out) {
      target.assign(scope, value.evaluate(scope));
      return Flow.NEXT;
    }
  }

  /** {@code {% set name | filters %}…{% endset %}}. */
  record SetBlock(Target target, List<FilterCall> filters, Scoped body) implements Statement {
    @Override
    public Flow run(Scope scope, Output out) {
      Output captured = new Output(scope.render());
      Flow flow = body.run(scope, captured);
      if (flow == Flow.NEXT) {
        target.assign(scope, filter(scope, filters, captured.text()));
      }
      return flow;
    }
  }

  record FilterBlock(List<FilterCall> filters, Scoped body) implements Statement {
    @Override
    public Flow run(Scope scope, Output out) {
      Output captured = new Output(scope.render());
      Flow flow = body.run(scope, captured);
      if (flow == Flow.NEXT) {
        out.print(PythonText.str(filter(scope, filters, captured.text())));
      }
      return flow;
    }
  }

  private static Object filter(Scope scope, List<FilterCall> filters, Object input) {
    Object value = input;
    for (FilterCall filter : filters) {
      value = filter.apply(scope, value);
    }
    return value;
  }

  /** A body with a scope of its own; {@code {% generation %}} is no more than that here. */
  record Scoped(Body body, java.util.Set<String> own) implements Statement {
    @Override
    public Flow run(Scope scope, Output out) {
      return body.run(scope.child(own), out);
    }
  }

  /** {@code {% with %}}: all values are those of the scope outside. */
  record With(List<Target> targets, List<Expression> values, Scoped body) implements Statement {
    @Override
    public Flow run(Scope scope, Output out) {
      Scope inner = scope.child(body.own());
      for (int i = 0; i < targets.size(); i++) {
        targets.get(i).assign(inner, values.get(i).evaluate(scope));
      }
      return body.body().run(inner, out);
    }
  }

  /** {@code {% block %}}: with nothing to extend, a body that sees the template's top scope. */
  record Block(Body body, boolean scoped) implements Statement {
    @Override
    public Flow run(Scope scope, Output out) {
      return body.run((scoped ? scope : scope.top()).child(), out);
    }
  }

  record DefineMacro(Macro.Definition definition) implements Statement {
    @Override
    public Flow run(Scope scope, Output out) {
      scope.set(definition.name(), new Macro(definition, scope));
      return Flow.NEXT;
    }
  }

  /** {@code {% call(parameters) macro(arguments) %}…{% endcall %}}. */
  record CallBlock(Macro.Definition caller, Expressions.Call call) implements Statement {
    @Override
    public Flow run(Scope scope, Output out) {
      Arguments written = call.arguments().evaluate(scope);
      Map<String, Object> named = new LinkedHashMap<>(written.named());
      named.put("caller", new Macro(caller, scope));
      Object printed = call.call(scope, new Arguments(written.positional(), named));
      out.print(PythonText.str(printed));
      return Flow.NEXT;
    }
  }

  /**
   * {@code {% autoescape %}}: chat templates never escape, so only switching it off is honoured.
   */
  record Autoescape(Expression wanted, Scoped body) implements Statement {
    @Override
    public Flow run(Scope scope, Output out) {
      if (Types.truth(wanted.evaluate(scope))) {
        throw TemplateException.value("'autoescape' cannot be switched on in a chat template");
      }
      return body.run(scope, out);
    }
  }

  /** A tag that Jinja knows but that a chat template cannot use: it has no other templates. */
  record Unavailable(String tag) implements Statement {
    @Override
    public Flow run(Scope scope, Output out) {
      throw TemplateException.value(
          "'" + tag + "' is not available: a chat template stands alone, nothing can be loaded");
    }
  }
}
