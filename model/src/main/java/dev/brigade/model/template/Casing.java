package dev.brigade.model.template;

import java.util.Locale;
import java.util.function.IntPredicate;

/** Upper, lower and title case as Python's str methods see them. */
final class Casing {
  private Casing() {}

  static String lower(String text) {
    return text.toLowerCase(Locale.ROOT);
  }

  static String upper(String text) {
    return text.toUpperCase(Locale.ROOT);
  }

  static String capitalize(String text) {
    if (text.isEmpty()) {
      return text;
    }
    int second = text.offsetByCodePoints(0, 1);
    return titleStart(text.substring(0, second)) + lower(text.substring(second));
  }

  /** {@code str.title()}: every letter after a character without case begins a word. */
  static String title(String text) {
    StringBuilder titled = new StringBuilder(text.length());
    boolean inWord = false;
    int i = 0;
    while (i < text.length()) {
      int next = i + Character.charCount(text.codePointAt(i));
      String character = text.substring(i, next);
      titled.append(inWord ? lower(character) : titleStart(character));
      inWord = isCased(text.codePointAt(i));
      i = next;
    }
    return titled.toString();
  }

  private static String titleStart(String character) {
    int titled = Character.toTitleCase(character.codePointAt(0));
    String upper = upper(character);
    // Some letters have no single title case letter: ß becomes Ss.
    return upper.length() > character.length() && titled == character.codePointAt(0)
        ? upper.charAt(0) + lower(upper.substring(1))
        : Character.toString(titled);
  }

  static String swap(String text) {
    StringBuilder swapped = new StringBuilder(text.length());
    text.codePoints()
        .mapToObj(
            c ->
                Character.isUpperCase(c)
                    ? lower(Character.toString(c))
                    : upper(Character.toString(c)))
        .forEach(swapped::append);
    return swapped.toString();
  }

  static boolean isLower(String text) {
    return has(text, Character::isLowerCase)
        && !has(text, c -> Character.isUpperCase(c) || Character.isTitleCase(c));
  }

  static boolean isUpper(String text) {
    return has(text, Character::isUpperCase)
        && !has(text, c -> Character.isLowerCase(c) || Character.isTitleCase(c));
  }

  static boolean isTitle(String text) {
    return has(text, Casing::isCased) && title(text).equals(text);
  }

  private static boolean has(String text, IntPredicate property) {
    return text.codePoints().anyMatch(property);
  }

  private static boolean isCased(int c) {
    return Character.isLowerCase(c) || Character.isUpperCase(c) || Character.isTitleCase(c);
  }
}
