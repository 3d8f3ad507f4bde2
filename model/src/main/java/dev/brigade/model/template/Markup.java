package dev.brigade.model.template;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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

  /** The arguments of a method of safe text, with those parts escaped that get into its result. */
  static Arguments escapeInserted(Render render, String method, Arguments arguments) {
    List<Object> positional = new ArrayList<>(arguments.positional());
    if (method.equals("join") && positional.size() == 1) {
      List<Object> parts = Sequences.toList(render, positional.get(0));
      parts.replaceAll(Markup::escapeText);
      positional.set(0, parts);
    } else if (method.equals("replace") && positional.size() > 1) {
      positional.set(1, escapeText(positional.get(1)));
    } else if (method.equals("format")) {
      Map<String, Object> named = new LinkedHashMap<>(arguments.named());
      named.replaceAll((name, value) -> escapeText(value));
      positional.replaceAll(Markup::escapeText);
      return new Arguments(positional, named);
    }
    return new Arguments(positional, arguments.named());
  }

  private static Object escapeText(Object value) {
    return value instanceof String ? escape(value) : value;
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
