package dev.brigade.model.template;

/**
 * A piece of template source.
 *
 * @param kind what it is
 * @param text its text; for {@link Kind#DATA} and {@link Kind#STRING} what it stands for
 * @param line the line it begins on, from 1
 */
record Token(Kind kind, String text, int line) {

  enum Kind {
    DATA,
    VARIABLE_BEGIN,
    VARIABLE_END,
    BLOCK_BEGIN,
    BLOCK_END,
    NAME,
    STRING,
    INTEGER,
    FLOAT,
    OPERATOR,
    END
  }

  boolean is(Kind kind, String text) {
    return this.kind == kind && this.text.equals(text);
  }

  boolean isName(String name) {
    return is(Kind.NAME, name);
  }

  boolean isOperator(String operator) {
    return is(Kind.OPERATOR, operator);
  }

  String description() {
    return switch (kind) {
      case VARIABLE_END -> "end of print statement";
      case VARIABLE_BEGIN -> "begin of print statement";
      case BLOCK_BEGIN -> "begin of statement block";
      case BLOCK_END -> "end of statement block";
      case DATA -> "template data / text";
      case END -> "end of template";
      case STRING -> "string";
      case NAME, INTEGER, FLOAT, OPERATOR -> text;
    };
  }
}
