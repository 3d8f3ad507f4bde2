package dev.brigade.model.template;

import java.util.ArrayList;
import java.util.List;

/** Python's view of text: a sequence of code points, not of UTF-16 units. */
final class CodePoints {
  private CodePoints() {}

  static int length(CharSequence text) {
    return Character.codePointCount(text, 0, text.length());
  }

  /** The code points [from, to) of a text, both within it. */
  static String substring(String text, int from, int to) {
    int start = text.offsetByCodePoints(0, from);
    return text.substring(start, text.offsetByCodePoints(start, to - from));
  }

  static List<Object> characters(CharSequence text) {
    List<Object> characters = new ArrayList<>(text.length());
    text.codePoints().forEach(c -> characters.add(Character.toString(c)));
    return characters;
  }

  /** Python orders strings by code point; Java's compareTo differs above U+FFFF. */
  static int compare(CharSequence a, CharSequence b) {
    int shared = Math.min(a.length(), b.length());
    for (int i = 0; i < shared; i++) {
      if (a.charAt(i) != b.charAt(i)) {
        int start = i > 0 && Character.isLowSurrogate(a.charAt(i)) ? i - 1 : i;
        return Integer.compare(
            Character.codePointAt(a, start), Character.codePointAt(b, Math.min(start, i)));
      }
    }
    return Integer.compare(a.length(), b.length());
  }

  /** Python's {@code str.isspace} for one character. */
  static boolean isSpace(int c) {
    return (c >= 0x09 && c <= 0x0d)
        || (c >= 0x1c && c <= 0x20)
        || c == 0x85
        || c == 0xa0
        || (c > 0xff && Character.isSpaceChar(c));
  }

  static String strip(String text, boolean left, boolean right) {
    int start = 0;
    int end = text.length();
    // All white space lies in the basic plane, so units will do.
    while (left && start < end && isSpace(text.charAt(start))) {
      start++;
    }
    while (right && end > start && isSpace(text.charAt(end - 1))) {
      end--;
    }
    return text.substring(start, end);
  }

  static String strip(String text, String characters, boolean left, boolean right) {
    int start = 0;
    int end = text.length();
    while (left && start < end && characters.indexOf(text.codePointAt(start)) >= 0) {
      start += Character.charCount(text.codePointAt(start));
    }
    while (right && end > start && characters.indexOf(text.codePointBefore(end)) >= 0) {
      end -= Character.charCount(text.codePointBefore(end));
    }
    return text.substring(start, end);
  }

  static boolean isLineBreak(int c) {
    return (c >= 0x0a && c <= 0x0d)
        || (c >= 0x1c && c <= 0x1e)
        || c == 0x85
        || c == 0x2028
        || c == 0x2029;
  }

  /** Python's {@code str.splitlines}. */
  static List<Object> lines(String text, boolean keepEnds) {
    List<Object> lines = new ArrayList<>();
    int start = 0;
    for (int i = 0; i < text.length(); i++) {
      if (isLineBreak(text.charAt(i))) {
        boolean pair = text.charAt(i) == '\r' && text.startsWith("\n", i + 1);
        int next = i + (pair ? 2 : 1);
        lines.add(text.substring(start, keepEnds ? next : i));
        start = next;
        i = next - 1;
      }
    }
    if (start < text.length()) {
      lines.add(text.substring(start));
    }
    return lines;
  }
}
