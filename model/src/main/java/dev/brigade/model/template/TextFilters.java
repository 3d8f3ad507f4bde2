package dev.brigade.model.template;

import dev.brigade.model.template.Filters.Filter;
import dev.brigade.model.template.Parameters.Bound;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Filters that make text. */
final class TextFilters {
  private static final Pattern WORD_START = Pattern.compile("[-\\s\\x1c-\\x1f\\x85\\p{Z}({\\[<]+");
  private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{N}_]+");
  private static final Pattern ATTRIBUTE_BREAK = Pattern.compile("[\\s/>=]");

  private TextFilters() {}

  static void register(Map<String, Filter> filters) {
    filters.put("upper", onText("upper", Casing::upper));
    filters.put("lower", onText("lower", Casing::lower));
    filters.put("capitalize", onText("capitalize", Casing::capitalize));
    filters.put("title", onText("title", TextFilters::title));
    filters.put("striptags", onText("striptags", TextFilters::stripTags));
    filters.put("trim", TextFilters::trim);
    filters.put("string", TextFilters::string);
    filters.put("safe", (render, value, given) -> new Markup(PythonText.str(value)));
    filters.put("escape", (render, value, given) -> Markup.escape(value));
    filters.put("e", filters.get("escape"));
    filters.put("forceescape", (render, value, given) -> Markup.escape(PythonText.str(value)));
    filters.put("replace", TextFilters::replace);
    filters.put("format", TextFilters::format);
    filters.put("indent", TextFilters::indent);
    filters.put("truncate", TextFilters::truncate);
    filters.put("wordwrap", WordWrap::filter);
    filters.put("center", TextFilters::center);
    filters.put("urlencode", UrlEncoding::filter);
    filters.put("xmlattr", TextFilters::xmlAttributes);
    filters.put(
        "tojson",
        (render, value, given) -> {
          if (value instanceof Undefined) {
            throw TemplateException.value("Object of type Undefined is not JSON serializable");
          }
          return JsonText.of(render, value, given);
        });
  }

  /** jinja2's soft_str: text as it is, anything else as printed. */
  private static CharSequence soft(Object value) {
    return value instanceof CharSequence text ? text : PythonText.str(value);
  }

  private static Object like(CharSequence original, String text) {
    return original instanceof Markup ? new Markup(text) : text;
  }

  private static Filter onText(String name, UnaryOperator<String> change) {
    return (render, value, given) -> {
      Parameters.of(name, 0).bind(given);
      CharSequence text = soft(value);
      render.spendText(text.length());
      return like(text, change.apply(text.toString()));
    };
  }

  private static Object string(Render render, Object value, Arguments given) {
    Parameters.of("string", 0).bind(given);
    CharSequence text = soft(value);
    render.spendText(text.length());
    return text;
  }

  private static Object trim(Render render, Object value, Arguments given) {
    CharSequence text = soft(value);
    render.spendText(text.length());
    return like(text, StringMethods.strip("trim", text.toString(), given, true, true));
  }

  private static String title(String text) {
    StringBuilder titled = new StringBuilder(text.length());
    Matcher separators = WORD_START.matcher(text);
    int start = 0;
    while (separators.find()) {
      titled.append(titleWord(text.substring(start, separators.start())));
      titled.append(separators.group());
      start = separators.end();
    }
    return titled.append(titleWord(text.substring(start))).toString();
  }

  private static String titleWord(String word) {
    if (word.isEmpty()) {
      return word;
    }
    int second = word.offsetByCodePoints(0, 1);
    return Casing.upper(word.substring(0, second)) + Casing.lower(word.substring(second));
  }

  private static String stripTags(String text) {
    String bare = text.replaceAll("(?s)<!--.*?-->", "").replaceAll("(?s)<[^>]*>", "");
    return String.join(
            " ",
            StringSplitting.split(bare, Arguments.NONE, false).stream()
                .map(Object::toString)
                .toList())
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&#34;", "\"")
        .replace("&quot;", "\"")
        .replace("&#39;", "'")
        .replace("&amp;", "&");
  }

  private static Object replace(Render render, Object value, Arguments given) {
    Bound bound = Parameters.of("replace", 2, "old", "new", "count").bind(given);
    String text = PythonText.str(value);
    render.spendText(text.length());
    return StringMethods.replace(
        render,
        text,
        PythonText.str(bound.get("old")),
        PythonText.str(bound.get("new")),
        bound.isSet("count") ? bound.integer("count", -1) : -1);
  }

  private static Object format(Render render, Object value, Arguments given) {
    if (!given.positional().isEmpty() && !given.named().isEmpty()) {
      throw TemplateException.value(
          "can't handle positional and keyword arguments at the same time");
    }
    return PercentFormat.format(
        render,
        soft(value),
        given.named().isEmpty() ? Tuple.copyOf(given.positional()) : given.named());
  }

  private static Object indent(Render render, Object value, Arguments given) {
    Bound bound = Parameters.of("indent", 0, "width", "first", "blank").bind(given);
    Object terminated = Arithmetic.binary(render, value, "+", "\n");
    if (!(terminated instanceof CharSequence text)) {
      throw TemplateException.value(
          PythonText.repr(Types.name(terminated)) + " object has no attribute 'splitlines'");
    }
    String indentation;
    if (bound.get("width") instanceof CharSequence written) {
      indentation = written.toString();
    } else {
      int width = Math.max(0, bound.integer("width", 4));
      render.spendText(width);
      indentation = " ".repeat(width);
    }
    List<Object> lines = CodePoints.lines(text.toString(), false);
    StringBuilder indented = new StringBuilder();
    for (int i = 0; i < lines.size(); i++) {
      String line = (String) lines.get(i);
      boolean isIndented =
          i == 0 ? bound.flag("first", false) : bound.flag("blank", false) || !line.isEmpty();
      render.spendText(indentation.length() + line.length());
      indented.append(i > 0 ? "\n" : "").append(isIndented ? indentation : "").append(line);
    }
    return like(text, indented.toString());
  }

  private static Object truncate(Render render, Object value, Arguments given) {
    Bound bound = Parameters.of("truncate", 0, "length", "killwords", "end", "leeway").bind(given);
    int length = bound.integer("length", 255);
    String end = bound.text("end", "...");
    int leeway = bound.isSet("leeway") ? bound.integer("leeway", 5) : 5;
    int kept = length - CodePoints.length(end);
    if (kept < 0 || leeway < 0) {
      throw TemplateException.value(
          "truncate(): expected length >= %d and leeway >= 0, got %d and %d"
              .formatted(CodePoints.length(end), length, leeway));
    }
    int size = Sequences.size(value);
    if (size <= (long) length + leeway || !(value instanceof CharSequence text)) {
      return value;
    }
    String cut = CodePoints.substring(text.toString(), 0, kept);
    if (!bound.flag("killwords", false) && cut.indexOf(' ') >= 0) {
      cut = cut.substring(0, cut.lastIndexOf(' '));
    }
    return like(text, cut + end);
  }

  private static Object center(Render render, Object value, Arguments given) {
    int width = Parameters.of("center", 0, "width").bind(given).integer("width", 80);
    CharSequence text = soft(value);
    return like(text, StringMethods.pad(render, text.toString(), width, " ", "center"));
  }

  private static Object xmlAttributes(Render render, Object value, Arguments given) {
    boolean spaced = Parameters.of("xmlattr", 0, "autospace").bind(given).flag("autospace", true);
    if (!(value instanceof Map<?, ?> map)) {
      throw TemplateException.value("xmlattr() needs a mapping, not " + Types.name(value));
    }
    List<String> attributes = new ArrayList<>();
    map.forEach(
        (key, attribute) -> {
          if (attribute == None.NONE || attribute instanceof Undefined) {
            return;
          }
          if (ATTRIBUTE_BREAK.matcher(PythonText.str(key)).find()) {
            throw TemplateException.value(
                "Invalid character in attribute name: " + PythonText.repr(key));
          }
          attributes.add(Markup.escape(key) + "=\"" + Markup.escape(attribute) + "\"");
        });
    return (spaced && !attributes.isEmpty() ? " " : "") + String.join(" ", attributes);
  }

  static int words(CharSequence text) {
    return (int) WORD.matcher(text).results().count();
  }
}
