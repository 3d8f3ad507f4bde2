package dev.brigade.model.template;

import dev.brigade.model.template.Statements.Branch;
import dev.brigade.model.template.Token.Kind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** Parses the statements of a template. */
final class Parser {
  private static final int MAX_DEPTH = 100;

  private final TokenStream stream;
  private final NameTracker names = new NameTracker();
  private final ExpressionParser expressions;
  private int loops;
  private int depth;

  private Parser(String source) {
    stream = new TokenStream(Lexer.tokens(source));
    expressions = new ExpressionParser(stream, names);
  }

  static Statements.Scoped parse(String source) {
    Parser parser = new Parser(source);
    parser.names.openScope();
    Body body = parser.parseUntil();
    Statements.Scoped template = new Statements.Scoped(body, parser.names.closeScope());
    parser.names.finish();
    return template;
  }

  /** Statements up to a tag with one of these names, which stays to be read; none: to the end. */
  private Body parseUntil(String... endTags) {
    if (++depth > MAX_DEPTH) {
      throw stream.failure("blocks nest deeper than " + MAX_DEPTH);
    }
    List<Body.Located> statements = new ArrayList<>();
    while (!stream.at(Kind.END)) {
      int line = stream.line();
      if (stream.at(Kind.DATA)) {
        statements.add(new Body.Located(new Statements.Text(stream.next().text()), line));
      } else if (stream.at(Kind.VARIABLE_BEGIN)) {
        stream.next();
        Expression printed = expressions.parseTuple(true);
        stream.expect(Kind.VARIABLE_END);
        statements.add(new Body.Located(new Statements.Print(printed), line));
      } else {
        stream.expect(Kind.BLOCK_BEGIN);
        if (stream.at(Kind.NAME) && List.of(endTags).contains(stream.current().text())) {
          depth--;
          return new Body(statements);
        }
        parseStatement(endTags).forEach(each -> statements.add(new Body.Located(each, line)));
        stream.expect(Kind.BLOCK_END);
      }
    }
    if (endTags.length > 0) {
      throw stream.failure(
          "Unexpected end of template. Jinja was looking for the following tags: "
              + quoted(endTags)
              + ".");
    }
    depth--;
    return new Body(statements);
  }

  /** The body of a tag: from the end of that tag to one of these, whose name is read too. */
  private Body parseBody(String endTag) {
    Body body = parseBodyUntil(endTag);
    stream.next();
    return body;
  }

  private Body parseBodyUntil(String... endTags) {
    stream.skipOperator(":");
    stream.expect(Kind.BLOCK_END);
    return parseUntil(endTags);
  }

  private Statements.Scoped parseScoped(String endTag) {
    names.openScope();
    Body body = parseBody(endTag);
    return new Statements.Scoped(body, names.closeScope());
  }

  private List<Statement> parseStatement(String... endTags) {
    if (!stream.at(Kind.NAME)) {
      throw stream.failure("tag name expected");
    }
    Token tag = stream.next();
    return switch (tag.text()) {
      case "if" -> List.of(parseIf());
      case "for" -> List.of(parseFor());
      case "set" -> List.of(parseSet());
      case "print" -> parsePrint();
      case "break" -> List.of(leave(tag, Statement.Flow.BREAK));
      case "continue" -> List.of(leave(tag, Statement.Flow.CONTINUE));
      case "with" -> List.of(parseWith());
      case "macro" -> List.of(parseMacro());
      case "call" -> List.of(parseCallBlock());
      case "filter" -> List.of(parseFilterBlock());
      case "generation" -> List.of(outsideLoops(() -> parseScoped("endgeneration")));
      case "block" -> List.of(parseBlock());
      case "autoescape" -> List.of(parseAutoescape());
      case "include", "import", "from", "extends" -> List.of(skipUnavailable(tag));
      default -> {
        String looking =
            endTags.length == 0 ? "" : " Jinja was looking for: " + quoted(endTags) + ".";
        throw new TemplateException(
            TemplateException.Kind.SYNTAX,
            "Encountered unknown tag '" + tag.text() + "'." + looking,
            tag.line());
      }
    };
  }

  private static String quoted(String... tags) {
    return String.join(" or ", Arrays.stream(tags).map(tag -> "'" + tag + "'").toList());
  }

  private Statement parseIf() {
    List<Branch> branches = new ArrayList<>();
    names.openBranch();
    while (true) {
      Expression condition = expressions.parseTuple(false);
      branches.add(new Branch(condition, parseBodyUntil("elif", "else", "endif")));
      String tag = stream.next().text();
      if (!tag.equals("elif")) {
        Body otherwise = tag.equals("else") ? parseBody("endif") : new Body(List.of());
        names.closeBranch();
        return new Statements.If(branches, otherwise);
      }
    }
  }

  private Statement parseFor() {
    Target target = expressions.parseTarget(false, "in");
    refuseLoopAsTarget(target);
    stream.expectName("in");
    Expression elements = expressions.parseTuple(false, "recursive");
    names.openScope();
    target.names().forEach(names::declare);
    names.declare("loop");
    Optional<Expression> filter =
        stream.skipName("if") ? Optional.of(expressions.parse()) : Optional.empty();
    boolean recursive = stream.skipName("recursive");
    loops++;
    Body body = parseBodyUntil("endfor", "else");
    loops--;
    Set<String> own = names.closeScope();
    boolean hasElse = stream.next().text().equals("else");
    Statements.Scoped otherwise =
        hasElse ? parseScoped("endfor") : new Statements.Scoped(new Body(List.of()), Set.of());
    return new For(target, elements, filter, recursive, body, own, otherwise);
  }

  private void refuseLoopAsTarget(Target target) {
    if (target.names().contains("loop")) {
      throw stream.failure("Can't assign to special loop variable in for-loop target");
    }
  }

  private Statement parseSet() {
    Target target = expressions.parseTarget(true);
    if (loops > 0) {
      refuseLoopAsTarget(target);
    }
    if (stream.skipOperator("=")) {
      Expression value = expressions.parseTuple(true);
      target.names().forEach(names::write);
      return new Statements.Set(target, value);
    }
    List<FilterCall> filters = parseFilters();
    Statements.Scoped body = parseScoped("endset");
    target.names().forEach(names::write);
    return new Statements.SetBlock(target, filters, body);
  }

  private List<FilterCall> parseFilters() {
    List<FilterCall> filters = new ArrayList<>();
    while (stream.skipOperator("|")) {
      filters.add(expressions.parseFilter());
    }
    return filters;
  }

  private Statement parseFilterBlock() {
    List<FilterCall> filters = new ArrayList<>(List.of(expressions.parseFilter()));
    filters.addAll(parseFilters());
    return new Statements.FilterBlock(filters, parseScoped("endfilter"));
  }

  private List<Statement> parsePrint() {
    List<Statement> printed = new ArrayList<>();
    while (!stream.at(Kind.BLOCK_END)) {
      if (!printed.isEmpty()) {
        stream.expectOperator(",");
      }
      printed.add(new Statements.Print(expressions.parse()));
    }
    return printed;
  }

  private Statement leave(Token tag, Statement.Flow flow) {
    if (loops == 0) {
      throw stream.failure("'" + tag.text() + "' outside loop");
    }
    return new Statements.Leave(flow);
  }

  private Statement parseWith() {
    List<Target> targets = new ArrayList<>();
    List<Expression> values = new ArrayList<>();
    while (!stream.at(Kind.BLOCK_END)) {
      if (!targets.isEmpty()) {
        stream.expectOperator(",");
      }
      targets.add(expressions.parseTarget(false));
      stream.expectOperator("=");
      values.add(expressions.parse());
    }
    return new Statements.With(targets, values, parseScoped("endwith"));
  }

  private Statement parseMacro() {
    String name = stream.expect(Kind.NAME).text();
    names.write(name);
    return new Statements.DefineMacro(parseDefinition(name, parseSignature(), "endmacro"));
  }

  private Statement parseCallBlock() {
    Signature signature =
        stream.atOperator("(") ? parseSignature() : new Signature(List.of(), List.of());
    if (!(expressions.parse() instanceof Expressions.Call call)) {
      throw stream.failure("expected call");
    }
    return new Statements.CallBlock(parseDefinition("caller", signature, "endcall"), call);
  }

  private record Signature(List<String> parameters, List<Expression> defaults) {}

  private Macro.Definition parseDefinition(String name, Signature signature, String endTag) {
    names.openMacro();
    names.openScope();
    List.of("caller", "kwargs", "varargs").forEach(names::declare);
    signature.parameters().forEach(names::declare);
    Body body = outsideLoops(() -> parseBody(endTag));
    Statements.Scoped scoped = new Statements.Scoped(body, names.closeScope());
    return new Macro.Definition(
        name, signature.parameters(), signature.defaults(), scoped, names.closeMacro());
  }

  private Signature parseSignature() {
    List<String> parameters = new ArrayList<>();
    List<Expression> defaults = new ArrayList<>();
    stream.expectOperator("(");
    while (!stream.skipOperator(")")) {
      if (!parameters.isEmpty()) {
        stream.expectOperator(",");
      }
      parameters.add(stream.expect(Kind.NAME).text());
      if (stream.skipOperator("=")) {
        defaults.add(expressions.parse());
      } else if (!defaults.isEmpty()) {
        throw stream.failure("non-default argument follows default argument");
      }
    }
    return new Signature(parameters, defaults);
  }

  private Statement parseBlock() {
    String name = stream.expect(Kind.NAME).text();
    boolean scoped = stream.skipName("scoped");
    stream.skipName("required");
    Body body = outsideLoops(() -> parseScoped("endblock").body());
    stream.skipName(name);
    return new Statements.Block(body, scoped);
  }

  private Statement parseAutoescape() {
    Expression wanted = expressions.parse();
    return new Statements.Autoescape(wanted, parseScoped("endautoescape"));
  }

  private Statement skipUnavailable(Token tag) {
    while (!stream.at(Kind.BLOCK_END) && !stream.at(Kind.END)) {
      stream.next();
    }
    return new Statements.Unavailable(tag.text());
  }

  /** Parses what cannot break out of a loop around it. */
  private <T> T outsideLoops(Supplier<T> parse) {
    int outer = loops;
    loops = 0;
    T parsed = parse.get();
    loops = outer;
    return parsed;
  }
}
