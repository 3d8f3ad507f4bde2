package dev.brigade.model.template;

/** A part of a template that yields a value. */
interface Expression {

  Object evaluate(Scope scope);
}
