package dev.brigade.model.template;

import dev.brigade.model.template.Expressions.Pair;
import dev.brigade.model.template.Token.Kind;
import java.util.ArrayList;
import java.util.List;

/** Parses what stands by itself: names, literals, lists, dicts, and what is in parentheses. */
final class PrimaryParser {
  private final TokenStream stream;
  private final NameTracker names;
  private final ExpressionParser expressions;

  PrimaryParser(TokenStream stream, NameTracker names, ExpressionParser expressions) {
    this.stream = stream;
    this.names = names;
    this.expressions = expressions;
  }

  /**
   * @param namespaceAllowed whether {@code name.attribute} stands for a namespace's attribute
   */
  Expression parse(boolean namespaceAllowed) {
    Token token = stream.current();
    switch (token.kind()) {
      case NAME -> {
        stream.next();
        return parseName(token.text(), namespaceAllowed);
      }
      case STRING -> {
        StringBuilder text = new StringBuilder();
        while (stream.at(Kind.STRING)) {
          text.append(stream.next().text());
        }
        return new Expressions.Constant(text.toString());
      }
      case INTEGER -> {
        stream.next();
        return new Expressions.Constant(Numerals.integerLiteral(token.text()));
      }
      case FLOAT -> {
        stream.next();
        return new Expressions.Constant(Double.valueOf(token.text().replace("_", "")));
      }
      default -> {
        if (stream.skipOperator("(")) {
          Expression inner = expressions.parseTupleOrNothing();
          stream.expectOperator(")");
          return inner;
        } else if (stream.skipOperator("[")) {
          return parseList();
        } else if (stream.skipOperator("{")) {
          return parseDict();
        }
        throw stream.failure("unexpected '" + token.description() + "'");
      }
    }
  }

  private Expression parseName(String name, boolean namespaceAllowed) {
    switch (name) {
      case "true", "True" -> {
        return new Expressions.Constant(true);
      }
      case "false", "False" -> {
        return new Expressions.Constant(false);
      }
      case "none", "None" -> {
        return new Expressions.Constant(None.NONE);
      }
      default -> {
        if (namespaceAllowed && stream.skipOperator(".")) {
          names.readReference(name);
          return new Expressions.NamespaceAttribute(name, stream.expect(Kind.NAME).text());
        }
        names.read(name);
        return new Expressions.Name(name);
      }
    }
  }

  private Expression parseList() {
    List<Expression> items = new ArrayList<>();
    while (!stream.skipOperator("]")) {
      if (!items.isEmpty()) {
        stream.expectOperator(",");
        if (stream.skipOperator("]")) {
          break;
        }
      }
      items.add(expressions.parse());
    }
    return new Expressions.ListOf(items);
  }

  private Expression parseDict() {
    List<Pair> pairs = new ArrayList<>();
    while (!stream.skipOperator("}")) {
      if (!pairs.isEmpty()) {
        stream.expectOperator(",");
        if (stream.skipOperator("}")) {
          break;
        }
      }
      Expression key = expressions.parse();
      stream.expectOperator(":");
      pairs.add(new Pair(key, expressions.parse()));
    }
    return new Expressions.DictOf(pairs);
  }
}
