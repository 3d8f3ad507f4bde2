package dev.brigade.model.template;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** {@code |urlencode}: percent-encoding of text, or of pairs as a query string. */
final class UrlEncoding {
  private static final String ALWAYS_SAFE = "_.-~";

  private UrlEncoding() {}

  static Object filter(Render render, Object value, Arguments given) {
    Parameters.of("urlencode", 0).bind(given);
    if (value instanceof CharSequence || !Sequences.isIterable(value)) {
      return quote(render, value, false);
    }
    Object pairs = value instanceof Map<?, ?> map ? DictView.items(map) : value;
    List<String> query = new ArrayList<>();
    for (Object pair : Sequences.toList(render, pairs)) {
      List<Object> both = Sequences.toList(render, pair);
      if (both.size() != 2) {
        throw TemplateException.value("urlencode(): expected pairs of key and value");
      }
      query.add(quote(render, both.get(0), true) + "=" + quote(render, both.get(1), true));
    }
    return String.join("&", query);
  }

  private static String quote(Render render, Object value, boolean inQuery) {
    byte[] bytes = PythonText.str(value).getBytes(StandardCharsets.UTF_8);
    render.spendText(bytes.length * 3L);
    StringBuilder quoted = new StringBuilder(bytes.length);
    for (byte b : bytes) {
      char c = (char) (b & 0xff);
      boolean letterOrDigit = c < 128 && Character.isLetterOrDigit(c);
      if (letterOrDigit || ALWAYS_SAFE.indexOf(c) >= 0 || (c == '/' && !inQuery)) {
        quoted.append(c);
      } else if (c == ' ' && inQuery) {
        quoted.append('+');
      } else {
        quoted.append("%%%02X".formatted((int) c));
      }
    }
    return quoted.toString();
  }
}
