package dev.brigade.model.template;

import dev.brigade.model.template.TemplateException.Kind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Splits a template into tokens, with {@code trim_blocks} and {@code lstrip_blocks} on, as
 * transformers sets them. The rules are those of jinja2's lexer (jinja2/lexer.py).
 */
final class Lexer {
  private static final String SPACES = "[\\s\\x1c-\\x1f\\x85\\p{Z}]*";
  private static final Pattern OPENING = Pattern.compile("\\{[%#{]");
  private static final Pattern RAW_BEGIN =
      Pattern.compile("\\{%([-+]?)" + SPACES + "raw" + SPACES + "(?:-%\\}" + SPACES + "|%\\})");
  private static final Pattern RAW_END =
      Pattern.compile(
          "\\{%([-+]?)" + SPACES + "endraw" + SPACES + "(?:\\+%\\}|-%\\}" + SPACES + "|%\\}\\n?)");
  private static final Pattern COMMENT_END =
      Pattern.compile("\\+#\\}|-#\\}" + SPACES + "|#\\}\\n?");
  private static final Pattern BLOCK_END = Pattern.compile("\\+%\\}|-%\\}" + SPACES + "|%\\}\\n?");
  private static final Pattern VARIABLE_END = Pattern.compile("-\\}\\}" + SPACES + "|\\}\\}");
  private static final Pattern SPACE = Pattern.compile("[\\s\\x1c-\\x1f\\x85\\p{Z}]+");
  private static final Pattern FLOAT =
      Pattern.compile(
          "(?<!\\.)(\\d+_)*\\d+((\\.(\\d+_)*\\d+)?[eE][+\\-]?(\\d+_)*\\d+|\\.(\\d+_)*\\d+)");
  private static final Pattern INTEGER =
      Pattern.compile("0[bB](_?[01])+|0[oO](_?[0-7])+|0[xX](_?[\\da-fA-F])+|[1-9](_?\\d)*|0(_?0)*");
  private static final Pattern NAME = Pattern.compile("[\\w\\p{L}\\p{M}\\p{N}]+");
  private static final Pattern STRING =
      Pattern.compile(
          "'[^'\\\\]*+(?:\\\\.[^'\\\\]*+)*+'|\"[^\"\\\\]*+(?:\\\\.[^\"\\\\]*+)*+\"",
          Pattern.DOTALL);
  private static final Pattern OPERATOR =
      Pattern.compile("//|\\*\\*|==|!=|>=|<=|[-+/*%~\\[\\](){}><=.:|,;]");

  private final String source;
  private final List<Token> tokens = new ArrayList<>();
  private int position;
  private int line = 1;
  private boolean lineStarts = true;

  private Lexer(String source) {
    String lines = source.replace("\r\n", "\n").replace('\r', '\n');
    this.source = lines.endsWith("\n") ? lines.substring(0, lines.length() - 1) : lines;
  }

  static List<Token> tokens(String source) {
    Lexer lexer = new Lexer(source);
    while (lexer.position < lexer.source.length()) {
      lexer.readText();
    }
    lexer.add(Token.Kind.END, "");
    return lexer.tokens;
  }

  /** Text up to the next tag, and that tag. */
  private void readText() {
    Matcher opening = OPENING.matcher(source);
    if (!opening.find(position)) {
      add(Token.Kind.DATA, source.substring(position));
      position = source.length();
      return;
    }
    int start = opening.start();
    Matcher raw = RAW_BEGIN.matcher(source).region(start, source.length());
    boolean isRaw = raw.lookingAt();
    char type = source.charAt(start + 1);
    String sign = signAt(start + 2);
    addText(source.substring(position, start), sign, type != '{');
    advanceTo(isRaw ? raw.end() : start + 2 + sign.length());
    if (isRaw) {
      readRaw();
    } else if (type == '#') {
      skipComment();
    } else {
      readTag(type == '{');
    }
  }

  private String signAt(int index) {
    boolean signed = index < source.length() && "-+".indexOf(source.charAt(index)) >= 0;
    return signed ? source.substring(index, index + 1) : "";
  }

  private void addText(String text, String sign, boolean isBlock) {
    String kept = text;
    if (sign.equals("-")) {
      kept = CodePoints.strip(text, false, true);
    } else if (sign.isEmpty() && isBlock) {
      int lineStart = text.lastIndexOf('\n') + 1;
      boolean blank = text.substring(lineStart).codePoints().allMatch(CodePoints::isSpace);
      if ((lineStart > 0 || lineStarts) && blank) {
        kept = text.substring(0, lineStart);
      }
    }
    if (!kept.isEmpty()) {
      add(Token.Kind.DATA, kept);
    }
  }

  private void readRaw() {
    Matcher end = RAW_END.matcher(source);
    if (!end.find(position)) {
      throw failure("Missing end of raw directive");
    }
    addText(source.substring(position, end.start()), end.group(1), true);
    advanceTo(end.end());
  }

  private void skipComment() {
    Matcher end = COMMENT_END.matcher(source);
    if (!end.find(position)) {
      throw failure("Missing end of comment tag");
    }
    advanceTo(end.end());
  }

  private void readTag(boolean isVariable) {
    add(isVariable ? Token.Kind.VARIABLE_BEGIN : Token.Kind.BLOCK_BEGIN, "");
    Deque<Character> open = new ArrayDeque<>();
    while (true) {
      Matcher end = at(isVariable ? VARIABLE_END : BLOCK_END);
      if (open.isEmpty() && end.lookingAt()) {
        add(isVariable ? Token.Kind.VARIABLE_END : Token.Kind.BLOCK_END, "");
        advanceTo(end.end());
        return;
      } else if (position >= source.length()) {
        return;
      }
      readInsideTag(open);
    }
  }

  private void readInsideTag(Deque<Character> open) {
    Matcher string = at(STRING);
    if (at(SPACE).lookingAt()) {
      Matcher space = at(SPACE);
      space.lookingAt();
      advanceTo(space.end());
    } else if (!addMatch(FLOAT, Token.Kind.FLOAT)
        && !addMatch(INTEGER, Token.Kind.INTEGER)
        && !addMatch(NAME, Token.Kind.NAME)) {
      if (string.lookingAt()) {
        String literal = source.substring(position + 1, string.end() - 1);
        add(Token.Kind.STRING, StringLiteral.unescape(literal, line));
        advanceTo(string.end());
      } else if (at(OPERATOR).lookingAt()) {
        balance(source.charAt(position), open);
        addMatch(OPERATOR, Token.Kind.OPERATOR);
      } else {
        String found = Character.toString(source.codePointAt(position));
        throw failure("unexpected char " + PythonText.repr(found) + " at " + position);
      }
    }
  }

  private void balance(char c, Deque<Character> open) {
    switch (c) {
      case '{' -> open.push('}');
      case '(' -> open.push(')');
      case '[' -> open.push(']');
      case '}', ')', ']' -> {
        if (open.isEmpty()) {
          throw failure("unexpected '" + c + "'");
        }
        char expected = open.pop();
        if (expected != c) {
          throw failure("unexpected '" + c + "', expected '" + expected + "'");
        }
      }
      default -> {}
    }
  }

  private Matcher at(Pattern pattern) {
    return pattern.matcher(source).region(position, source.length()).useTransparentBounds(true);
  }

  private boolean addMatch(Pattern pattern, Token.Kind kind) {
    Matcher matcher = at(pattern);
    if (!matcher.lookingAt()) {
      return false;
    }
    add(kind, matcher.group());
    advanceTo(matcher.end());
    return true;
  }

  private void add(Token.Kind kind, String text) {
    tokens.add(new Token(kind, text, line));
  }

  private void advanceTo(int next) {
    for (int i = position; i < next; i++) {
      if (source.charAt(i) == '\n') {
        line++;
      }
    }
    lineStarts = next > position && source.charAt(next - 1) == '\n';
    position = next;
  }

  private TemplateException failure(String detail) {
    return new TemplateException(Kind.SYNTAX, detail, line);
  }
}
