package dev.brigade.model.template;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/** Python's {@code json.dumps}, with the defaults that transformers gives {@code tojson}. */
final class JsonText {
  private static final Parameters PARAMETERS =
      Parameters.of("tojson", 0, "ensure_ascii", "indent", "separators", "sort_keys");

  private final Render render;
  private final StringBuilder out = new StringBuilder();
  private final boolean ensureAscii;
  private final boolean sortKeys;
  private final boolean multiline;
  private final String indent;
  private final String itemSeparator;
  private final String keySeparator;

  private JsonText(Render render, Parameters.Bound options) {
    this.render = render;
    ensureAscii = options.flag("ensure_ascii", false);
    sortKeys = options.flag("sort_keys", false);
    multiline = options.isSet("indent");
    indent = multiline ? indent(options) : "";
    if (options.isSet("separators")) {
      List<Object> both = Sequences.toList(render, options.get("separators"));
      if (both.size() != 2) {
        throw TemplateException.value("tojson(): separators must be a pair");
      }
      itemSeparator = PythonText.str(both.get(0));
      keySeparator = PythonText.str(both.get(1));
    } else {
      itemSeparator = multiline ? "," : ", ";
      keySeparator = ": ";
    }
  }

  private String indent(Parameters.Bound options) {
    if (options.get("indent") instanceof CharSequence text) {
      return text.toString();
    }
    int width = Math.max(0, options.integer("indent", 0));
    render.spendText(width);
    return " ".repeat(width);
  }

  static String of(Render render, Object value, Arguments options) {
    JsonText json = new JsonText(render, PARAMETERS.bind(options));
    json.write(value, 0);
    return json.out.toString();
  }

  private void write(Object value, int level) {
    render.spendElements(1);
    if (value instanceof CharSequence text) {
      quote(text);
    } else if (value instanceof List<?> list && !(value instanceof Range)) {
      writeList(list, level);
    } else if (value instanceof Map<?, ?> map) {
      writeMap(map, level);
    } else {
      out.append(scalar(value));
    }
  }

  private static String scalar(Object value) {
    if (value == None.NONE) {
      return "null";
    } else if (value instanceof Boolean || value instanceof BigInteger) {
      return value.toString();
    } else if (value instanceof Double number) {
      return number.isNaN()
          ? "NaN"
          : number.isInfinite()
              ? (number > 0 ? "Infinity" : "-Infinity")
              : PythonText.ofDouble(number);
    }
    throw TemplateException.value(
        "Object of type " + Types.name(value) + " is not JSON serializable");
  }

  private void writeList(List<?> list, int level) {
    if (list.isEmpty()) {
      out.append("[]");
      return;
    }
    out.append('[');
    for (int i = 0; i < list.size(); i++) {
      separate(i > 0, level + 1);
      write(list.get(i), level + 1);
    }
    newLine(level);
    out.append(']');
  }

  private void writeMap(Map<?, ?> map, int level) {
    if (map.isEmpty()) {
      out.append("{}");
      return;
    }
    List<Map.Entry<?, ?>> entries = new ArrayList<>(map.entrySet());
    if (sortKeys) {
      entries.sort((a, b) -> Comparison.ORDER.compare(a.getKey(), b.getKey()));
    }
    out.append('{');
    Iterator<Map.Entry<?, ?>> remaining = entries.iterator();
    boolean first = true;
    while (remaining.hasNext()) {
      Map.Entry<?, ?> entry = remaining.next();
      separate(!first, level + 1);
      first = false;
      quote(key(entry.getKey()));
      out.append(keySeparator);
      write(entry.getValue(), level + 1);
    }
    newLine(level);
    out.append('}');
  }

  private static String key(Object key) {
    if (key instanceof CharSequence) {
      return key.toString();
    } else if (key == None.NONE || Types.isNumber(key)) {
      return scalar(key);
    }
    throw TemplateException.value(
        "keys must be str, int, float, bool or None, not " + Types.name(key));
  }

  private void separate(boolean needed, int level) {
    if (needed) {
      out.append(itemSeparator);
    }
    newLine(level);
  }

  private void newLine(int level) {
    if (multiline) {
      render.spendText((long) indent.length() * level + 1);
      out.append('\n').append(indent.repeat(level));
    }
  }

  private void quote(CharSequence text) {
    render.spendText(text.length());
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        case '\b' -> out.append("\\b");
        case '\f' -> out.append("\\f");
        default -> {
          if (c < 0x20 || (ensureAscii && c > 0x7e)) {
            out.append("\\u%04x".formatted((int) c));
          } else {
            out.append(c);
          }
        }
      }
    }
    out.append('"');
  }
}
