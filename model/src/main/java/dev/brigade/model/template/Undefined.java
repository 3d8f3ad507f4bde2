package dev.brigade.model.template;

import dev.brigade.model.template.TemplateException.Kind;

/**
 * A name or attribute that does not exist. It prints as nothing, is false and iterates as empty;
 * every other use fails with its reason, as jinja2's default {@code Undefined} does.
 */
record Undefined(Kind kind, String reason) {

  static Undefined variable(String name) {
    return because(PythonText.repr(name) + " is undefined");
  }

  static Undefined because(String reason) {
    return new Undefined(Kind.UNDEFINED, reason);
  }

  static Undefined attribute(Object owner, Object name) {
    String type = owner == None.NONE ? "None" : Types.qualifiedName(owner) + " object";
    return name instanceof CharSequence
        ? because(PythonText.repr(type) + " has no attribute " + PythonText.repr(name))
        : because(type + " has no element " + PythonText.repr(name));
  }

  static Undefined unsafe(Object owner, String name) {
    return new Undefined(
        Kind.SECURITY,
        "access to attribute %s of '%s' object is unsafe."
            .formatted(PythonText.repr(name), Types.name(owner)));
  }

  TemplateException failure() {
    return new TemplateException(kind, reason);
  }
}
