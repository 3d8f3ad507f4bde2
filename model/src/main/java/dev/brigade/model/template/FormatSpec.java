package dev.brigade.model.template;

import java.math.BigInteger;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Python's format specification mini-language: {@code
 * [[fill]align][sign][#][0][width][,][.n][type]}.
 */
record FormatSpec(
    String fill,
    char align,
    char sign,
    boolean alternate,
    int width,
    String grouping,
    int precision,
    char type) {

  private static final Pattern SYNTAX =
      Pattern.compile(
          "(?:(.)?([<>=^]))?([-+ ])?z?(#)?(0)?(\\d+)?([,_])?(?:\\.(\\d+))?([a-zA-Z%])?",
          Pattern.DOTALL);
  private static final char NONE = '\0';
  private static final FormatSpec PLAIN = parse("");

  static FormatSpec parse(String spec) {
    Matcher matcher = SYNTAX.matcher(spec);
    if (!matcher.matches()) {
      throw TemplateException.value("Invalid format specifier " + PythonText.repr(spec));
    }
    boolean zero = matcher.group(5) != null;
    String fill = matcher.group(1);
    char align = first(matcher.group(2));
    return new FormatSpec(
        fill != null ? fill : zero ? "0" : " ",
        align == NONE && zero ? '=' : align,
        first(matcher.group(3)),
        matcher.group(4) != null,
        number(matcher.group(6), 0),
        matcher.group(7) == null ? "" : matcher.group(7),
        number(matcher.group(8), -1),
        first(matcher.group(9)));
  }

  private static char first(String text) {
    return text == null ? NONE : text.charAt(0);
  }

  private static int number(String digits, int absent) {
    return digits == null ? absent : Sequences.clamp(new BigInteger(digits));
  }

  String apply(Render render, Object value) {
    if (value instanceof Double || (Types.asInteger(value).isPresent() && isForNumbers(value))) {
      boolean real = value instanceof Double || "eEfFgG%".indexOf(type) >= 0;
      return real ? real(render, Types.asDouble(value)) : integer(render, value);
    } else if (value instanceof CharSequence || this.equals(PLAIN)) {
      return text(render, PythonText.str(value));
    }
    throw TemplateException.value(
        "unsupported format string passed to " + Types.name(value) + ".__format__");
  }

  // A bool prints as True or False only where nothing is asked of its form.
  private boolean isForNumbers(Object value) {
    return !(value instanceof Boolean) || !this.equals(PLAIN);
  }

  private String text(Render render, String text) {
    if (type != NONE && type != 's') {
      throw TemplateException.value("Unknown format code '" + type + "' for object of type 'str'");
    } else if (align == '=') {
      throw TemplateException.value("'=' alignment not allowed in string format specifier");
    }
    int size = CodePoints.length(text);
    String cut =
        precision >= 0 && precision < size ? CodePoints.substring(text, 0, precision) : text;
    return pad(render, "", cut, '<');
  }

  private String integer(Render render, Object value) {
    BigInteger number = Types.asInteger(value).orElseThrow();
    if (precision >= 0) {
      throw TemplateException.value("Precision not allowed in integer format specifier");
    }
    String magnitude =
        switch (type) {
          case NONE, 'd', 'n' -> grouped(number.abs().toString(), 3);
          case 'b' -> (alternate ? "0b" : "") + grouped(number.abs().toString(2), 4);
          case 'o' -> (alternate ? "0o" : "") + grouped(number.abs().toString(8), 4);
          case 'x' -> (alternate ? "0x" : "") + grouped(number.abs().toString(16), 4);
          case 'X' ->
              (alternate ? "0X" : "")
                  + grouped(number.abs().toString(16).toUpperCase(Locale.ROOT), 4);
          case 'c' -> Character.toString(Sequences.clamp(number));
          default ->
              throw TemplateException.value(
                  "Unknown format code '" + type + "' for object of type 'int'");
        };
    return pad(render, signOf(number.signum() < 0), magnitude, '>');
  }

  private String real(Render render, double number) {
    String digits;
    if (type == NONE && precision < 0) {
      digits = PythonText.ofDouble(Math.abs(number));
    } else if (type == NONE || type == 'n') {
      digits = NumberFormat.digits(number, 'g', precision < 0 ? 6 : precision, alternate);
      boolean whole = type == NONE && digits.chars().allMatch(Character::isDigit);
      digits = whole ? digits + ".0" : digits;
    } else if ("eEfFgG%".indexOf(type) >= 0) {
      digits = NumberFormat.digits(number, type, precision < 0 ? 6 : precision, alternate);
    } else {
      throw TemplateException.value(
          "Unknown format code '" + type + "' for object of type 'float'");
    }
    int point = 0;
    while (point < digits.length() && Character.isDigit(digits.charAt(point))) {
      point++;
    }
    String text = grouped(digits.substring(0, point), 3) + digits.substring(point);
    return pad(render, signOf(number < 0 || 1 / number < 0), text, '>');
  }

  private String grouped(String digits, int size) {
    if (grouping.isEmpty()) {
      return digits;
    }
    StringBuilder text = new StringBuilder(digits);
    for (int i = digits.length() - size; i > 0; i -= size) {
      text.insert(i, grouping);
    }
    return text.toString();
  }

  private String signOf(boolean negative) {
    return negative ? "-" : sign == '+' ? "+" : sign == ' ' ? " " : "";
  }

  private String pad(Render render, String sign, String text, char defaultAlign) {
    int missing = Math.max(0, width - sign.length() - CodePoints.length(text));
    render.spendText(missing);
    int left =
        switch (align == NONE ? defaultAlign : align) {
          case '<', '=' -> 0;
          case '^' -> missing / 2;
          default -> missing;
        };
    if (align == '=') {
      return sign + fill.repeat(missing) + text;
    }
    return fill.repeat(left) + sign + text + fill.repeat(missing - left);
  }
}
