package dev.brigade.model.template;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** The variables visible at one place; what is set in a scope is not seen outside it. */
final class Scope {
  /** What a name is that this scope sets, but has not set yet. */
  private static final Object UNSET = new Object();

  private final Render render;
  private final Scope parent;
  private final Map<String, Object> variables = new HashMap<>();

  private Scope(Render render, Scope parent) {
    this.render = render;
    this.parent = parent;
  }

  /** The outermost scope: global functions and the variables that the caller passes in. */
  static Scope context(Render render, Map<String, Object> variables) {
    Scope context = new Scope(render, null);
    context.variables.putAll(variables);
    return context;
  }

  Render render() {
    return render;
  }

  Scope child() {
    return new Scope(render, this);
  }

  /**
   * A scope whose body sets these names before it reads them. jinja2 decides statically that such a
   * name is the body's own, so that reading it too early (from a nested scope) finds nothing, even
   * where the context has a variable of that name.
   */
  Scope child(Set<String> own) {
    Scope child = child();
    own.forEach(name -> child.variables.put(name, UNSET));
    return child;
  }

  /** The scope of the template itself, just inside the context. */
  Scope top() {
    Scope scope = this;
    while (scope.parent != null && scope.parent.parent != null) {
      scope = scope.parent;
    }
    return scope;
  }

  Object get(String name) {
    for (Scope scope = this; scope != null; scope = scope.parent) {
      Object value = scope.variables.get(name);
      if (value != null) {
        return value == UNSET ? Undefined.variable(name) : value;
      }
    }
    return Undefined.variable(name);
  }

  void set(String name, Object value) {
    variables.put(name, value);
  }
}
