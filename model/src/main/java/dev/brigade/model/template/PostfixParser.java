package dev.brigade.model.template;

import dev.brigade.model.template.Token.Kind;
import java.util.ArrayList;
import java.util.List;

/** Parses what follows an expression: attributes, subscripts, calls, filters and tests. */
final class PostfixParser {
  private static final Expression NONE = new Expressions.Constant(None.NONE);

  private final TokenStream stream;
  private final PrimaryParser primaries;
  private final ExpressionParser expressions;
  private final ArgumentParser arguments;

  PostfixParser(TokenStream stream, PrimaryParser primaries, ExpressionParser expressions) {
    this.stream = stream;
    this.primaries = primaries;
    this.expressions = expressions;
    arguments = new ArgumentParser(stream, expressions);
  }

  /** Attributes, subscripts and calls. */
  Expression parseTrailers(Expression expression) {
    Expression result = expression;
    while (true) {
      if (stream.skipOperator(".")) {
        result = parseAttribute(result);
      } else if (stream.skipOperator("[")) {
        result = parseSubscript(result);
      } else if (stream.atOperator("(")) {
        result = new Expressions.Call(result, arguments.parse());
      } else {
        return result;
      }
    }
  }

  private Expression parseAttribute(Expression owner) {
    Token token = stream.next();
    return switch (token.kind()) {
      case NAME -> new Expressions.Attribute(owner, token.text());
      case INTEGER ->
          new Expressions.Item(
              owner, new Expressions.Constant(Numerals.integerLiteral(token.text())));
      default -> throw stream.failure("expected name or number");
    };
  }

  private Expression parseSubscript(Expression owner) {
    List<Expression> keys = new ArrayList<>();
    while (!stream.skipOperator("]")) {
      if (!keys.isEmpty()) {
        stream.expectOperator(",");
      }
      Expression start = stream.atOperator(":") ? NONE : expressions.parse();
      if (!stream.skipOperator(":")) {
        keys.add(start);
        continue;
      }
      Expression stop = parseBound();
      Expression step = stream.skipOperator(":") ? parseBound() : NONE;
      if (!keys.isEmpty() || !stream.atOperator("]")) {
        throw stream.failure("a slice among several subscripts");
      }
      stream.expectOperator("]");
      return new Expressions.Slice(owner, start, stop, step);
    }
    return new Expressions.Item(
        owner, keys.size() == 1 ? keys.get(0) : new Expressions.TupleOf(keys));
  }

  private Expression parseBound() {
    boolean absent = stream.atOperator(":") || stream.atOperator("]") || stream.atOperator(",");
    return absent ? NONE : expressions.parse();
  }

  Expression parseFiltersAndTests(Expression expression) {
    Expression result = expression;
    while (true) {
      if (stream.atOperator("|")) {
        stream.next();
        result = new Expressions.Filtered(result, parseFilter());
      } else if (stream.skipName("is")) {
        result = parseTest(result);
      } else if (stream.atOperator("(")) {
        result = new Expressions.Call(result, arguments.parse());
      } else {
        return result;
      }
    }
  }

  /** A filter's name and arguments, the bar before it already read. */
  FilterCall parseFilter() {
    String name = parseDottedName();
    return new FilterCall(name, stream.atOperator("(") ? arguments.parse() : CallArguments.NONE);
  }

  private String parseDottedName() {
    StringBuilder name = new StringBuilder(stream.expect(Kind.NAME).text());
    while (stream.skipOperator(".")) {
      name.append('.').append(stream.expect(Kind.NAME).text());
    }
    return name.toString();
  }

  private Expression parseTest(Expression input) {
    boolean negated = stream.skipName("not");
    String name = parseDottedName();
    CallArguments given = CallArguments.NONE;
    if (stream.atOperator("(")) {
      given = arguments.parse();
    } else if (atTestArgument()) {
      if (stream.atName("is")) {
        throw stream.failure("You cannot chain multiple tests with is");
      }
      given = CallArguments.of(parseTrailers(primaries.parse(false)));
    }
    Expression test = new Expressions.Tested(input, name, given);
    return negated ? new Expressions.Not(test) : test;
  }

  private boolean atTestArgument() {
    return switch (stream.current().kind()) {
      case NAME -> !stream.atName("else") && !stream.atName("or") && !stream.atName("and");
      case STRING, INTEGER, FLOAT -> true;
      default -> stream.atOperator("[") || stream.atOperator("{");
    };
  }
}
