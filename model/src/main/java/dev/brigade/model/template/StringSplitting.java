package dev.brigade.model.template;

import dev.brigade.model.template.Parameters.Bound;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** {@code str.split}, {@code rsplit}, {@code partition} and {@code rpartition}. */
final class StringSplitting {
  private StringSplitting() {}

  static List<Object> split(String self, Arguments given, boolean fromRight) {
    String name = fromRight ? "rsplit" : "split";
    Bound bound = Parameters.of(name, 0, "sep", "maxsplit").bind(given);
    int limit = bound.integer("maxsplit", -1);
    limit = limit < 0 ? Integer.MAX_VALUE : limit;
    if (!bound.isSet("sep")) {
      return fromRight ? wordsFromRight(self, limit) : words(self, limit);
    }
    String separator = bound.text("sep");
    if (separator.isEmpty()) {
      throw TemplateException.value("empty separator");
    }
    return fromRight ? fromRight(self, separator, limit) : fromLeft(self, separator, limit);
  }

  private static List<Object> fromLeft(String text, String separator, int limit) {
    List<Object> parts = new ArrayList<>();
    int start = 0;
    int found = text.indexOf(separator);
    while (found >= 0 && parts.size() < limit) {
      parts.add(text.substring(start, found));
      start = found + separator.length();
      found = text.indexOf(separator, start);
    }
    parts.add(text.substring(start));
    return parts;
  }

  private static List<Object> fromRight(String text, String separator, int limit) {
    List<Object> parts = new ArrayList<>();
    int end = text.length();
    int found = text.lastIndexOf(separator);
    while (found >= 0 && parts.size() < limit) {
      parts.add(text.substring(found + separator.length(), end));
      end = found;
      found = end < separator.length() ? -1 : text.lastIndexOf(separator, end - separator.length());
    }
    parts.add(text.substring(0, end));
    Collections.reverse(parts);
    return parts;
  }

  private static List<Object> words(String text, int limit) {
    List<Object> words = new ArrayList<>();
    int at = skip(text, 0, true);
    while (at < text.length() && words.size() < limit) {
      int end = skip(text, at, false);
      words.add(text.substring(at, end));
      at = skip(text, end, true);
    }
    if (at < text.length()) {
      words.add(text.substring(at));
    }
    return words;
  }

  private static int skip(String text, int from, boolean spaces) {
    int at = from;
    while (at < text.length() && CodePoints.isSpace(text.charAt(at)) == spaces) {
      at++;
    }
    return at;
  }

  private static List<Object> wordsFromRight(String text, int limit) {
    List<Object> words = new ArrayList<>();
    int end = skipBack(text, text.length(), true);
    while (end > 0 && words.size() < limit) {
      int start = skipBack(text, end, false);
      words.add(text.substring(start, end));
      end = skipBack(text, start, true);
    }
    if (end > 0) {
      words.add(text.substring(0, end));
    }
    Collections.reverse(words);
    return words;
  }

  private static int skipBack(String text, int from, boolean spaces) {
    int at = from;
    while (at > 0 && CodePoints.isSpace(text.charAt(at - 1)) == spaces) {
      at--;
    }
    return at;
  }

  static Tuple partition(String self, Arguments given, boolean last) {
    String name = last ? "rpartition" : "partition";
    String separator = Parameters.of(name, 1, "sep").bind(given).text("sep");
    if (separator.isEmpty()) {
      throw TemplateException.value("empty separator");
    }
    int found = last ? self.lastIndexOf(separator) : self.indexOf(separator);
    if (found < 0) {
      return last ? Tuple.of("", "", self) : Tuple.of(self, "", "");
    }
    return Tuple.of(
        self.substring(0, found), separator, self.substring(found + separator.length()));
  }
}
