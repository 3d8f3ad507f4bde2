package dev.brigade.model.template;

import java.util.Iterator;
import java.util.Optional;
import java.util.Set;

/** {@code {% for target in elements if filter recursive %}body{% else %}otherwise{% endfor %}}. */
record For(
    Target target,
    Expression elements,
    Optional<Expression> filter,
    boolean recursive,
    Body body,
    Set<String> own,
    Statements.Scoped otherwise)
    implements Statement {

  @Override
  public Flow run(Scope scope, Output out) {
    return loop(scope, elements.evaluate(scope), 0, out);
  }

  private Flow loop(Scope scope, Object elements, int depth, Output out) {
    Loop loop = open(scope, elements, depth);
    while (loop.advance()) {
      scope.render().spendStep();
      Scope inner = scope.child(own);
      inner.set("loop", loop);
      target.assign(inner, loop.current());
      if (body.run(inner, out) == Flow.BREAK) {
        break;
      }
    }
    return loop.index() == 0 ? otherwise.run(scope, out) : Flow.NEXT;
  }

  private Loop open(Scope scope, Object elements, int depth) {
    Iterator<Object> all = Sequences.iterator(elements);
    Iterator<Object> wanted =
        filter
            .map(
                condition ->
                    Lazy.filter(all, element -> passes(scope, condition, element)).elements())
            .orElse(all);
    Optional<Integer> length =
        filter.isPresent() ? Optional.empty() : Sequences.sizeIfAny(elements);
    Optional<Loop.Recursion> recursion =
        recursive ? Optional.of((inner, level) -> recurse(scope, inner, level)) : Optional.empty();
    return new Loop(wanted, length, recursion, depth);
  }

  private boolean passes(Scope scope, Expression condition, Object element) {
    scope.render().spendStep();
    Scope inner = scope.child();
    target.assign(inner, element);
    return Types.truth(condition.evaluate(inner));
  }

  private Object recurse(Scope scope, Object elements, int depth) {
    scope.render().enter();
    try {
      Output out = new Output(scope.render());
      loop(scope, elements, depth, out);
      return out.text();
    } finally {
      scope.render().leave();
    }
  }
}
