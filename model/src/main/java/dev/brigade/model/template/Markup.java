package dev.brigade.model.template;

import java.util.Objects;

/** Text marked as safe HTML ({@code |safe}, {@code |escape}): what is added to it gets escaped. */
final class Markup implements CharSequence {
  private final String text;

  Markup(String text) {
    this.text = Objects.requireNonNull(text);
  }

  static Markup escape(Object value) {
    if (value instanceof Markup markup) {
      return markup;
    }
    String plain = PythonText.str(value);
    StringBuilder escaped = new StringBuilder(plain.length() + 16);
    for (int i = 0; i < plain.length(); i++) {
      char c = plain.charAt(i);
      switch (c) {
        case '&' -> escaped.append("&amp;");
        case '<' -> escaped.append("&lt;");
        case '>' -> escaped.append("&gt;");
        case '"' -> escaped.append("&#34;");
        case '\'' -> escaped.append("&#39;");
        default -> escaped.append(c);
      }
    }
    return new Markup(escaped.toString());
  }

  @Override
  public int length() {
    return text.length();
  }

  @Override
  public char charAt(int index) {
    return text.charAt(index);
  }

  @Override
  public CharSequence subSequence(int start, int end) {
    return new Markup(text.substring(start, end));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Markup markup && text.equals(markup.text);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  @Override
  public String toString() {
    return text;
  }
}
