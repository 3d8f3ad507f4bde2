package dev.brigade.model.template;

import dev.brigade.model.template.TemplateException.Kind;
import java.util.List;
import java.util.Locale;

/** The tokens of a template with a cursor; complains in jinja2's words. */
final class TokenStream {
  private final List<Token> tokens;
  private int index;

  TokenStream(List<Token> tokens) {
    this.tokens = tokens;
  }

  Token current() {
    return tokens.get(index);
  }

  Token ahead() {
    return tokens.get(Math.min(index + 1, tokens.size() - 1));
  }

  Token next() {
    Token token = current();
    if (index < tokens.size() - 1) {
      index++;
    }
    return token;
  }

  int line() {
    return current().line();
  }

  boolean at(Token.Kind kind) {
    return current().kind() == kind;
  }

  boolean atName(String name) {
    return current().isName(name);
  }

  boolean atOperator(String operator) {
    return current().isOperator(operator);
  }

  boolean skipName(String name) {
    boolean found = atName(name);
    if (found) {
      next();
    }
    return found;
  }

  boolean skipOperator(String operator) {
    boolean found = atOperator(operator);
    if (found) {
      next();
    }
    return found;
  }

  Token expect(Token.Kind kind) {
    if (!at(kind)) {
      String wanted = new Token(kind, kind.name().toLowerCase(Locale.ROOT), 0).description();
      throw unexpected(wanted);
    }
    return next();
  }

  void expectOperator(String operator) {
    if (!skipOperator(operator)) {
      throw unexpected(operator);
    }
  }

  void expectName(String name) {
    if (!skipName(name)) {
      throw unexpected(name);
    }
  }

  private TemplateException unexpected(String wanted) {
    return at(Token.Kind.END)
        ? failure("unexpected end of template, expected '" + wanted + "'.")
        : failure("expected token '" + wanted + "', got '" + current().description() + "'");
  }

  TemplateException failure(String detail) {
    return new TemplateException(Kind.SYNTAX, detail, line());
  }
}
