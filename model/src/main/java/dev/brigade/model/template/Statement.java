package dev.brigade.model.template;

/** A part of a template that prints, assigns or steers. */
interface Statement {

  /** How the statements after this one go on. */
  enum Flow {
    NEXT,
    BREAK,
    CONTINUE
  }

  Flow run(Scope scope, Output out);
}
