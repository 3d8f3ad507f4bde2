package dev.brigade.model.template;

import dev.brigade.model.template.Expressions.Operand;
import dev.brigade.model.template.Token.Kind;
import java.util.ArrayList;
import java.util.List;
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
  private static final int MAX_DEPTH = 200;

  private final TokenStream stream;
  private final NameTracker names;
  private final PrimaryParser primaries;
  private final PostfixParser postfixes;
  private int depth;

  ExpressionParser(TokenStream stream, NameTracker names) {
    this.stream = stream;
    this.names = names;
    primaries = new PrimaryParser(stream, names, this);
    postfixes = new PostfixParser(stream, primaries, this);
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

  /** The same where there may be nothing, which makes an empty tuple. */
  Expression parseTupleOrNothing() {
    return parseTuple(this::parse, true);
  }

  /** A filter's name and arguments, the bar before it already read. */
  FilterCall parseFilter() {
    return postfixes.parseFilter();
  }

  /** Names, tuples of names, and (where allowed) {@code namespace.attribute} to assign to. */
  Target parseTarget(boolean namespaceAllowed, String... endNames) {
    int line = stream.line();
    names.pauseReading();
    Expression written = parseTuple(() -> primaries.parse(namespaceAllowed), false, endNames);
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
      expression = primaries.parse(false);
    }
    depth--;
    expression = postfixes.parseTrailers(expression);
    return withFilters ? postfixes.parseFiltersAndTests(expression) : expression;
  }
}
