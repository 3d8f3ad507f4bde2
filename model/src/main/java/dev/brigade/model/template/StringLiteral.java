package dev.brigade.model.template;

import dev.brigade.model.template.TemplateException.Kind;

/** The escapes of Python string literals. */
final class StringLiteral {
  private StringLiteral() {}

  static String unescape(String literal, int line) {
    if (literal.indexOf('\\') < 0) {
      return literal;
    }
    StringBuilder text = new StringBuilder(literal.length());
    int i = 0;
    while (i < literal.length()) {
      char c = literal.charAt(i++);
      if (c != '\\') {
        text.append(c);
        continue;
      }
      char escape = literal.charAt(i++);
      switch (escape) {
        case '\n' -> {}
        case '\\', '\'', '"' -> text.append(escape);
        case 'a' -> text.append('\u0007');
        case 'b' -> text.append('\b');
        case 'f' -> text.append('\f');
        case 'n' -> text.append('\n');
        case 'r' -> text.append('\r');
        case 't' -> text.append('\t');
        case 'v' -> text.append('\u000b');
        case 'x' -> i = hexadecimal(literal, i, 2, text, line);
        case 'u' -> i = hexadecimal(literal, i, 4, text, line);
        case 'U' -> i = hexadecimal(literal, i, 8, text, line);
        case 'N' -> i = named(literal, i, text, line);
        case '0', '1', '2', '3', '4', '5', '6', '7' -> i = octal(literal, i - 1, text);
        default -> text.append('\\').append(escape);
      }
    }
    return text.toString();
  }

  private static int hexadecimal(
      String literal, int from, int digits, StringBuilder text, int line) {
    int end = from + digits;
    if (end > literal.length()
        || !literal.substring(from, end).chars().allMatch(c -> Character.digit(c, 16) >= 0)) {
      throw failure("truncated \\x, \\u or \\U escape", line);
    }
    long codePoint = Long.parseLong(literal.substring(from, end), 16);
    if (codePoint > Character.MAX_CODE_POINT) {
      throw failure("illegal Unicode character", line);
    }
    text.appendCodePoint((int) codePoint);
    return end;
  }

  private static int named(String literal, int from, StringBuilder text, int line) {
    int close = literal.indexOf('}', from);
    if (!literal.startsWith("{", from) || close < 0) {
      throw failure("malformed \\N character escape", line);
    }
    try {
      text.appendCodePoint(Character.codePointOf(literal.substring(from + 1, close)));
    } catch (IllegalArgumentException unknown) {
      throw failure("unknown Unicode character name", line);
    }
    return close + 1;
  }

  private static int octal(String literal, int from, StringBuilder text) {
    int end = from;
    int value = 0;
    while (end < literal.length()
        && end < from + 3
        && "01234567".indexOf(literal.charAt(end)) >= 0) {
      value = value * 8 + literal.charAt(end++) - '0';
    }
    text.append((char) value);
    return end;
  }

  private static TemplateException failure(String detail, int line) {
    return new TemplateException(Kind.SYNTAX, detail, line);
  }
}
