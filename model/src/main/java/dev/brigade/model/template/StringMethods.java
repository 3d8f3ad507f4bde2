package dev.brigade.model.template;

import dev.brigade.model.template.Parameters.Bound;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.IntPredicate;
import java.util.function.Predicate;

/** The methods of str. */
final class StringMethods {
  private static final Map<String, Method> ALL = new HashMap<>();

  /** One method, given its receiver and its arguments. */
  private interface Method {
    Object call(Render render, String self, Arguments arguments);
  }

  static {
    mapping("lower", Casing::lower);
    mapping("casefold", text -> Casing.lower(Casing.upper(text)));
    mapping("upper", Casing::upper);
    mapping("capitalize", Casing::capitalize);
    mapping("title", Casing::title);
    mapping("swapcase", Casing::swap);
    asking("islower", Casing::isLower);
    asking("isupper", Casing::isUpper);
    asking("istitle", Casing::isTitle);
    asking("isspace", all(CodePoints::isSpace));
    asking("isdigit", all(StringMethods::isDigit));
    asking("isdecimal", all(c -> Character.getType(c) == Character.DECIMAL_DIGIT_NUMBER));
    asking("isnumeric", all(StringMethods::isNumeric));
    asking("isalpha", all(Character::isLetter));
    asking("isalnum", all(c -> Character.isLetter(c) || isNumeric(c)));
    asking("isascii", text -> text.chars().allMatch(c -> c < 128));
    asking("isidentifier", text -> text.matches("[\\p{L}_][\\p{L}\\p{M}\\p{N}_]*"));
    ALL.put("strip", (render, self, given) -> strip("strip", self, given, true, true));
    ALL.put("lstrip", (render, self, given) -> strip("lstrip", self, given, true, false));
    ALL.put("rstrip", (render, self, given) -> strip("rstrip", self, given, false, true));
    ALL.put("split", (render, self, given) -> StringSplitting.split(self, given, false));
    ALL.put("rsplit", (render, self, given) -> StringSplitting.split(self, given, true));
    ALL.put("partition", (render, self, given) -> StringSplitting.partition(self, given, false));
    ALL.put("rpartition", (render, self, given) -> StringSplitting.partition(self, given, true));
    ALL.put("splitlines", StringMethods::splitLines);
    ALL.put("join", StringMethods::join);
    ALL.put("replace", StringMethods::replace);
    ALL.put("startswith", (render, self, given) -> affix(self, given, "startswith", true));
    ALL.put("endswith", (render, self, given) -> affix(self, given, "endswith", false));
    ALL.put("removeprefix", (render, self, given) -> removePrefix(self, given));
    ALL.put("removesuffix", (render, self, given) -> removeSuffix(self, given));
    ALL.put("find", (render, self, given) -> StringSearch.find(self, "find", given));
    ALL.put("rfind", (render, self, given) -> StringSearch.find(self, "rfind", given));
    ALL.put("index", (render, self, given) -> StringSearch.index(self, "find", given));
    ALL.put("rindex", (render, self, given) -> StringSearch.index(self, "rfind", given));
    ALL.put("count", (render, self, given) -> StringSearch.count(self, given));
    ALL.put("center", (render, self, given) -> pad(render, self, given, "center"));
    ALL.put("ljust", (render, self, given) -> pad(render, self, given, "ljust"));
    ALL.put("rjust", (render, self, given) -> pad(render, self, given, "rjust"));
    ALL.put("zfill", StringMethods::zeroFill);
    ALL.put("expandtabs", StringMethods::expandTabs);
    ALL.put("format", BraceFormat::format);
    ALL.put("format_map", BraceFormat::formatMap);
  }

  private StringMethods() {}

  static Optional<Object> bind(Object self, String name) {
    Method method = ALL.get(name);
    if (method == null) {
      return Optional.empty();
    }
    return Optional.of(
        Callable.builtin(
            name,
            (render, arguments) -> {
              String text = self.toString();
              render.spendText(text.length());
              if (!(self instanceof Markup)) {
                return method.call(render, text, arguments);
              }
              Object result =
                  method.call(render, text, Markup.escapeInserted(render, name, arguments));
              return result instanceof String plain ? new Markup(plain) : result;
            }));
  }

  private static void mapping(String name, Function<String, String> change) {
    ALL.put(
        name,
        (render, self, arguments) -> {
          Parameters.of(name, 0).bind(arguments);
          return change.apply(self);
        });
  }

  private static void asking(String name, Predicate<String> property) {
    ALL.put(
        name,
        (render, self, arguments) -> {
          Parameters.of(name, 0).bind(arguments);
          return property.test(self);
        });
  }

  private static Predicate<String> all(IntPredicate property) {
    return text -> !text.isEmpty() && text.codePoints().allMatch(property);
  }

  private static boolean isDigit(int c) {
    return Character.isDigit(c) || "²³¹⁰⁴⁵⁶⁷⁸⁹₀₁₂₃₄₅₆₇₈₉".indexOf(c) >= 0;
  }

  private static boolean isNumeric(int c) {
    return switch (Character.getType(c)) {
      case Character.DECIMAL_DIGIT_NUMBER, Character.LETTER_NUMBER, Character.OTHER_NUMBER -> true;
      default -> false;
    };
  }

  static String strip(String name, String self, Arguments given, boolean left, boolean right) {
    Bound bound = Parameters.of(name, 0, "chars").bind(given);
    return bound.isSet("chars")
        ? CodePoints.strip(self, bound.text("chars"), left, right)
        : CodePoints.strip(self, left, right);
  }

  private static Object splitLines(Render render, String self, Arguments given) {
    Bound bound = Parameters.of("splitlines", 0, "keepends").bind(given);
    return CodePoints.lines(self, bound.flag("keepends", false));
  }

  private static Object join(Render render, String self, Arguments given) {
    Object parts = Parameters.of("join", 1, "iterable").bind(given).get("iterable");
    if (parts instanceof Undefined || !Sequences.isIterable(parts)) {
      throw TemplateException.value("can only join an iterable");
    }
    StringBuilder joined = new StringBuilder();
    int index = 0;
    for (Object part : Sequences.toList(render, parts)) {
      if (!(part instanceof CharSequence text)) {
        throw TemplateException.value(
            "sequence item %d: expected str instance, %s found".formatted(index, Types.name(part)));
      }
      render.spendText(text.length() + self.length());
      joined.append(index++ > 0 ? self : "").append(text);
    }
    return joined.toString();
  }

  private static Object replace(Render render, String self, Arguments given) {
    Bound bound = Parameters.of("replace", 2, "old", "new", "count").bind(given);
    return replace(render, self, bound.text("old"), bound.text("new"), bound.integer("count", -1));
  }

  /** Replaces the first {@code count} places, or all when it is negative. */
  static String replace(Render render, String self, String old, String replacement, int count) {
    int limit = count < 0 ? Integer.MAX_VALUE : count;
    StringBuilder replaced = new StringBuilder(self.length());
    int copied = 0;
    int from = 0;
    for (int i = 0; i < limit; i++) {
      int found = from > self.length() ? -1 : self.indexOf(old, from);
      if (found < 0) {
        break;
      }
      render.spendText(replacement.length() + 1L);
      replaced.append(self, copied, found).append(replacement);
      copied = found + old.length();
      // An empty pattern matches before every character and at the end.
      from =
          !old.isEmpty()
              ? copied
              : found < self.length() ? self.offsetByCodePoints(found, 1) : found + 1;
    }
    return replaced.append(self, Math.min(copied, self.length()), self.length()).toString();
  }

  private static Object affix(String self, Arguments given, String name, boolean atStart) {
    Bound bound = Parameters.of(name, 1, "affix", "start", "end").bind(given);
    Optional<String> window = StringSearch.window(self, bound);
    Object affix = bound.get("affix");
    List<?> candidates = affix instanceof Tuple tuple ? tuple : List.of(affix);
    for (Object candidate : candidates) {
      if (candidate instanceof Undefined undefined) {
        throw undefined.failure();
      } else if (!(candidate instanceof CharSequence)) {
        throw TemplateException.value(
            "%s first arg must be str or a tuple of str, not %s"
                .formatted(name, Types.name(candidate)));
      }
      String text = candidate.toString();
      if (window
          .filter(part -> atStart ? part.startsWith(text) : part.endsWith(text))
          .isPresent()) {
        return true;
      }
    }
    return false;
  }

  private static Object removePrefix(String self, Arguments given) {
    String prefix = Parameters.of("removeprefix", 1, "prefix").bind(given).text("prefix");
    return self.startsWith(prefix) ? self.substring(prefix.length()) : self;
  }

  private static Object removeSuffix(String self, Arguments given) {
    String suffix = Parameters.of("removesuffix", 1, "suffix").bind(given).text("suffix");
    return self.endsWith(suffix) ? self.substring(0, self.length() - suffix.length()) : self;
  }

  private static Object pad(Render render, String self, Arguments given, String name) {
    Bound bound = Parameters.of(name, 1, "width", "fillchar").bind(given);
    String fill = bound.text("fillchar", " ");
    if (CodePoints.length(fill) != 1) {
      throw TemplateException.value("The fill character must be exactly one character long");
    }
    return pad(render, self, bound.integer("width", 0), fill, name);
  }

  static String pad(Render render, String self, int width, String fill, String side) {
    int missing = Math.max(0, width - CodePoints.length(self));
    render.spendText(missing);
    int left =
        switch (side) {
          case "ljust" -> 0;
          case "rjust" -> missing;
          default -> missing / 2 + (missing & width & 1);
        };
    return fill.repeat(left) + self + fill.repeat(missing - left);
  }

  private static Object zeroFill(Render render, String self, Arguments given) {
    int width = Parameters.of("zfill", 1, "width").bind(given).integer("width", 0);
    boolean signed = self.startsWith("-") || self.startsWith("+");
    String padded = pad(render, self, width, "0", "rjust");
    int zeros = padded.length() - self.length();
    return signed ? self.substring(0, 1) + "0".repeat(zeros) + self.substring(1) : padded;
  }

  private static Object expandTabs(Render render, String self, Arguments given) {
    int width = Parameters.of("expandtabs", 0, "tabsize").bind(given).integer("tabsize", 8);
    StringBuilder expanded = new StringBuilder();
    int[] column = {0};
    self.codePoints()
        .forEach(
            c -> {
              if (c == '\t') {
                int spaces = width > 0 ? width - column[0] % width : 0;
                render.spendText(spaces);
                expanded.append(" ".repeat(spaces));
                column[0] += spaces;
              } else {
                expanded.appendCodePoint(c);
                column[0] = c == '\n' || c == '\r' ? 0 : column[0] + 1;
              }
            });
    return expanded.toString();
  }
}
