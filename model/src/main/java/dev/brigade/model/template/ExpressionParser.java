package dev.brigade.model.template;

import dev.brigade.model.template.Expressions.Operand;
import dev.brigade.model.template.Expressions.Pair;
import dev.brigade.model.template.Token.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Parses expressions. One method per level of precedence, loosest first, in the order of jinja2's
 * own grammar (jinja2/parser.py), whose oddities are kept: {@code **} groups to the left and binds
 * looser than a sign, and {@code ~} binds tighter than {@code +}.
 */
final class ExpressionParser {
  private static final Set<String> COMPARISONS = Set.of("==", "!=", "<", "<=", ">", ">=");
  private static final Expression NONE = new Expressions.Constant(None.NONE);
  private static final int MAX_DEPTH = 200;

  private final TokenStream stream;
  private final NameTracker names;
  private int depth;

  ExpressionParser(TokenStream stream, NameTracker names) {
    this.stream = stream;
    this.names = names;
  }

  /** An expression, conditional ones included. */
  Expression parse() {
    return parse(true);
  }

  private Expression parse(boolean conditional) {
    if (++depth > MAX_DEPTH) {
      throw stream.failure("expressions nest deeper than " + MAX_DEPTH);
    }
    try {
      return conditional ? parseConditional() : parseOr();
    } finally {
      depth--;
    }
  }

  /** One expression, or several with commas between them, which make a tuple. */
  Expression parseTuple(boolean conditional, String... endNames) {
    return parseTuple(() -> parse(conditional), false, endNames);
  }

  /** Names, tuples of names, and (where allowed) {@code namespace.attribute} to assign to. */
  Target parseTarget(boolean namespaceAllowed, String... endNames) {
    int line = stream.line();
    names.pauseReading();
    Expression written = parseTuple(() -> parsePrimary(namespaceAllowed), false, endNames);
    names.resumeReading();
    return Target.of(written)
        .orElseThrow(
            () ->
                new TemplateException(
                    TemplateException.Kind.SYNTAX, "can't assign to this expression", line));
  }

  private Expression parseTuple(
      Supplier<Expression> element, boolean mayBeEmpty, String... endNames) {
    List<Expression> items = new ArrayList<>();
    boolean isTuple = false;
    while (!atTupleEnd(endNames)) {
      items.add(element.get());
      if (!stream.skipOperator(",")) {
        break;
      }
      isTuple = true;
    }
    if (!isTuple && !items.isEmpty()) {
      return items.get(0);
    } else if (!isTuple && !mayBeEmpty) {
      throw stream.failure("Expected an expression, got '" + stream.current().description() + "'");
    }
    return new Expressions.TupleOf(items);
  }

  private boolean atTupleEnd(String... endNames) {
    if (stream.at(Kind.VARIABLE_END) || stream.at(Kind.BLOCK_END) || stream.atOperator(")")) {
      return true;
    }
    for (String name : endNames) {
      if (stream.atName(name)) {
        return true;
      }
    }
    return false;
  }

  private Expression parseConditional() {
    int line = stream.line();
    Expression expression = parseOr();
    while (stream.skipName("if")) {
      Expression condition = parseOr();
      Optional<Expression> otherwise =
          stream.skipName("else") ? Optional.of(parse(true)) : Optional.empty();
      expression = new Expressions.Conditional(condition, expression, otherwise, line);
      line = stream.line();
    }
    return expression;
  }

  private Expression parseOr() {
    Expression left = parseAnd();
    while (stream.skipName("or")) {
      left = new Expressions.Or(left, parseAnd());
    }
    return left;
  }

  private Expression parseAnd() {
    Expression left = parseNot();
    while (stream.skipName("and")) {
      left = new Expressions.And(left, parseNot());
    }
    return left;
  }

  private Expression parseNot() {
    int negations = 0;
    while (stream.skipName("not")) {
      negations++;
    }
    Expression expression = parseComparisons();
    for (int i = 0; i < Math.min(negations, 2 - negations % 2); i++) {
      expression = new Expressions.Not(expression);
    }
    return expression;
  }

  private Expression parseComparisons() {
    Expression first = parseSum();
    List<Operand> operands = new ArrayList<>();
    while (true) {
      Token token = stream.current();
      if (token.kind() == Kind.OPERATOR && COMPARISONS.contains(token.text())) {
        stream.next();
        operands.add(new Operand(token.text(), parseSum()));
      } else if (stream.skipName("in")) {
        operands.add(new Operand("in", parseSum()));
      } else if (token.isName("not") && stream.ahead().isName("in")) {
        stream.next();
        stream.next();
        operands.add(new Operand("not in", parseSum()));
      } else {
        return operands.isEmpty() ? first : new Expressions.Comparisons(first, operands);
      }
    }
  }

  private Expression parseSum() {
    return parseLeftAssociative(this::parseConcatenation, Set.of("+", "-"));
  }

  private Expression parseConcatenation() {
    Expression first = parseProduct();
    if (!stream.atOperator("~")) {
      return first;
    }
    List<Expression> parts = new ArrayList<>(List.of(first));
    while (stream.skipOperator("~")) {
      parts.add(parseProduct());
    }
    return new Expressions.Concatenation(parts);
  }

  private Expression parseProduct() {
    return parseLeftAssociative(this::parsePower, Set.of("*", "/", "//", "%"));
  }

  private Expression parsePower() {
    return parseLeftAssociative(() -> parseUnary(true), Set.of("**"));
  }

  private Expression parseLeftAssociative(Supplier<Expression> operand, Set<String> operators) {
    Expression left = operand.get();
    while (stream.at(Kind.OPERATOR) && operators.contains(stream.current().text())) {
      String operator = stream.next().text();
      left = new Expressions.Binary(left, operator, operand.get());
    }
    return left;
  }

  private Expression parseUnary(boolean withFilters) {
    if (++depth > MAX_DEPTH) {
      throw stream.failure("expressions nest deeper than " + MAX_DEPTH);
    }
    Expression expression;
    if (stream.skipOperator("-")) {
      expression = new Expressions.Negative(parseUnary(false));
    } else if (stream.skipOperator("+")) {
      expression = new Expressions.Positive(parseUnary(false));
    } else {
      expression = parsePrimary(false);
    }
    depth--;
    expression = parsePostfix(expression);
    return withFilters ? parseFiltersAndTests(expression) : expression;
  }

  private Expression parsePrimary(boolean namespaceAllowed) {
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
          Expression inner = parseTuple(this::parse, true);
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
        return NONE;
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
      items.add(parse());
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
      Expression key = parse();
      stream.expectOperator(":");
      pairs.add(new Pair(key, parse()));
    }
    return new Expressions.DictOf(pairs);
  }

  private Expression parsePostfix(Expression expression) {
    Expression result = expression;
    while (true) {
      if (stream.skipOperator(".")) {
        result = parseAttribute(result);
      } else if (stream.skipOperator("[")) {
        result = parseSubscript(result);
      } else if (stream.atOperator("(")) {
        result = new Expressions.Call(result, parseArguments());
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
      Expression start = stream.atOperator(":") ? NONE : parse();
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
    return absent ? NONE : parse();
  }

  private Expression parseFiltersAndTests(Expression expression) {
    Expression result = expression;
    while (true) {
      if (stream.atOperator("|")) {
        stream.next();
        result = new Expressions.Filtered(result, parseFilter());
      } else if (stream.skipName("is")) {
        result = parseTest(result);
      } else if (stream.atOperator("(")) {
        result = new Expressions.Call(result, parseArguments());
      } else {
        return result;
      }
    }
  }

  /** A filter's name and arguments, the bar before it already read. */
  FilterCall parseFilter() {
    String name = parseDottedName();
    return new FilterCall(name, stream.atOperator("(") ? parseArguments() : CallArguments.NONE);
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
    CallArguments arguments = CallArguments.NONE;
    if (stream.atOperator("(")) {
      arguments = parseArguments();
    } else if (atTestArgument()) {
      if (stream.atName("is")) {
        throw stream.failure("You cannot chain multiple tests with is");
      }
      arguments = CallArguments.of(parsePostfix(parsePrimary(false)));
    }
    Expression test = new Expressions.Tested(input, name, arguments);
    return negated ? new Expressions.Not(test) : test;
  }

  private boolean atTestArgument() {
    return switch (stream.current().kind()) {
      case NAME -> !stream.atName("else") && !stream.atName("or") && !stream.atName("and");
      case STRING, INTEGER, FLOAT -> true;
      default -> stream.atOperator("[") || stream.atOperator("{");
    };
  }

  private CallArguments parseArguments() {
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
        dict = Optional.of(parse());
      } else if (stream.skipOperator("*")) {
        requireInOrder(inOrder);
        list = Optional.of(parse());
      } else if (isNamed) {
        requireInOrder(inOrder);
        String name = stream.next().text();
        stream.next();
        if (named.put(name, parse()) != null) {
          throw stream.failure("keyword argument repeated: " + name);
        }
      } else {
        requireInOrder(inOrder && named.isEmpty());
        positional.add(parse());
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
