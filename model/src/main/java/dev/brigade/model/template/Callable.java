package dev.brigade.model.template;

/** A value that a template may call: a method, a global function, a macro, a recursive loop. */
interface Callable {

  /** The name in error messages. */
  String name();

  Object call(Render render, Arguments arguments);

  /** A built-in function or a method bound to its receiver. */
  static Callable builtin(String name, Body body) {
    record Builtin(String name, Body body) implements Callable {
      @Override
      public Object call(Render render, Arguments arguments) {
        return body.call(render, arguments);
      }
    }
    return new Builtin(name, body);
  }

  /** What a built-in does. */
  @FunctionalInterface
  interface Body {
    Object call(Render render, Arguments arguments);
  }
}
