package dev.brigade.model.template;

import dev.brigade.model.template.Parameters.Bound;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code |wordwrap}: fills lines up to a width, paragraph by paragraph. */
final class WordWrap {
  private static final Pattern CHUNK =
      Pattern.compile("[\\t\\n\\x0b\\f\\r ]+|[^\\t\\n\\x0b\\f\\r ]+");
  private static final Pattern HYPHENATED =
      Pattern.compile("[^-]*[\\p{L}_][^-]*-(?=[\\p{L}_][\\p{L}_])|.+?(?=$)", Pattern.DOTALL);

  private WordWrap() {}

  static Object filter(Render render, Object value, Arguments given) {
    Bound bound =
        Parameters.of("wordwrap", 0, "width", "break_long_words", "wrapstring", "break_on_hyphens")
            .bind(given);
    if (!(value instanceof CharSequence written)) {
      throw TemplateException.value(
          PythonText.repr(Types.name(value)) + " object has no attribute 'splitlines'");
    }
    String text = written.toString();
    render.spendText(text.length() * 4L);
    int width = bound.integer("width", 79);
    if (width <= 0) {
      throw TemplateException.value("invalid width " + width + " (must be > 0)");
    }
    String lineEnd = bound.isSet("wrapstring") ? bound.text("wrapstring") : "\n";
    boolean breakWords = bound.flag("break_long_words", true);
    boolean breakHyphens = bound.flag("break_on_hyphens", true);
    StringBuilder wrapped = new StringBuilder();
    String separator = "";
    for (Object paragraph : CodePoints.lines(text, false)) {
      List<String> lines = fill((String) paragraph, width, breakWords, breakHyphens);
      render.spendText((long) lineEnd.length() * lines.size());
      wrapped.append(separator).append(String.join(lineEnd, lines));
      separator = lineEnd;
    }
    return wrapped.toString();
  }

  private static List<String> fill(
      String paragraph, int width, boolean breakWords, boolean breakHyphens) {
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder();
    for (String chunk : chunks(paragraph, breakHyphens)) {
      String rest = chunk;
      if (rest.isBlank() && line.isEmpty() && !lines.isEmpty()) {
        continue;
      }
      while (line.length() + rest.length() > width) {
        if (rest.length() > width && breakWords) {
          int room = width - line.length();
          line.append(rest, 0, room);
          rest = rest.substring(room);
        }
        endLine(line, lines);
        if (rest.isBlank() || (rest.length() > width && !breakWords)) {
          break;
        }
      }
      if (!rest.isBlank() || !line.isEmpty() || lines.isEmpty()) {
        line.append(rest);
      }
    }
    endLine(line, lines);
    return lines;
  }

  private static void endLine(StringBuilder line, List<String> lines) {
    String text = line.toString().stripTrailing();
    if (!text.isEmpty()) {
      lines.add(text);
    }
    line.setLength(0);
  }

  private static List<String> chunks(String text, boolean breakHyphens) {
    List<String> chunks = new ArrayList<>();
    Matcher words = CHUNK.matcher(text);
    while (words.find()) {
      if (!breakHyphens) {
        chunks.add(words.group());
        continue;
      }
      Matcher parts = HYPHENATED.matcher(words.group());
      while (parts.find()) {
        chunks.add(parts.group());
      }
    }
    return chunks;
  }
}
