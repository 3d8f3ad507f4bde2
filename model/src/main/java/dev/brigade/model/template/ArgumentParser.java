package dev.brigade.model.template;

import dev.brigade.model.template.Token.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Parses the arguments of a call, in the order that Python allows. */
final class ArgumentParser {
  private final TokenStream stream;
  private final ExpressionParser expressions;

  ArgumentParser(TokenStream stream, ExpressionParser expressions) {
    this.stream = stream;
    this.expressions = expressions;
  }

  /** Arguments in parentheses. */
  CallArguments parse() {
    stream.expectOperator("(");
    List<Expression> positional = new ArrayList<>();
    Map<String, Expression> named = new LinkedHashMap<>();
    Optional<Expression> list = Optional.empty();
    Optional<Expression> dict = Optional.empty();
    boolean first = true;
    while (!stream.skipOperator(")")) {
      if (!first) {
        stream.expectOperator(",");
        if (stream.skipOperator(")")) {
          break;
        }
      }
      first = false;
      boolean isNamed = stream.at(Kind.NAME) && stream.ahead().isOperator("=");
      boolean inOrder = dict.isEmpty() && (isNamed || list.isEmpty());
      if (stream.skipOperator("**")) {
        requireInOrder(dict.isEmpty());
        dict = Optional.of(expressions.parse());
      } else if (stream.skipOperator("*")) {
        requireInOrder(inOrder);
        list = Optional.of(expressions.parse());
      } else if (isNamed) {
        requireInOrder(inOrder);
        String name = stream.next().text();
        stream.next();
        if (named.put(name, expressions.parse()) != null) {
          throw stream.failure("keyword argument repeated: " + name);
        }
      } else {
        requireInOrder(inOrder && named.isEmpty());
        positional.add(expressions.parse());
      }
    }
    return new CallArguments(positional, named, list, dict);
  }

  private void requireInOrder(boolean inOrder) {
    if (!inOrder) {
      throw stream.failure("invalid syntax for function call expression");
    }
  }
}
