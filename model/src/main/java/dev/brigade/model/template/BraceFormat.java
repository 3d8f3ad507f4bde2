package dev.brigade.model.template;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Python's {@code "{} and {name!r:>8}".format(values)}. */
final class BraceFormat {
  private final Render render;
  private final Arguments values;
  private int automatic;

  private BraceFormat(Render render, Arguments values) {
    this.render = render;
    this.values = values;
  }

  static Object format(Render render, String format, Arguments values) {
    return new BraceFormat(render, values).format(format, 2);
  }

  static Object formatMap(Render render, String format, Arguments values) {
    Object mapping = Parameters.of("format_map", 1, "mapping").bind(values).get("mapping");
    if (!(mapping instanceof Map<?, ?> map)) {
      throw TemplateException.value("format_map() needs a mapping");
    }
    Map<String, Object> named = new LinkedHashMap<>();
    map.forEach((key, value) -> named.put(PythonText.str(key), value));
    return format(render, format, new Arguments(List.of(), named));
  }

  private String format(String format, int nesting) {
    if (nesting == 0) {
      throw TemplateException.value("Max string recursion exceeded");
    }
    StringBuilder out = new StringBuilder();
    int i = 0;
    while (i < format.length()) {
      char c = format.charAt(i++);
      if (c != '{' && c != '}') {
        out.append(c);
      } else if (i < format.length() && format.charAt(i) == c) {
        out.append(c);
        i++;
      } else if (c == '}') {
        throw TemplateException.value("Single '}' encountered in format string");
      } else {
        int end = closing(format, i);
        String field = field(format.substring(i, end), nesting);
        render.spendText(field.length());
        out.append(field);
        i = end + 1;
      }
    }
    return out.toString();
  }

  private static int closing(String format, int from) {
    int open = 1;
    for (int i = from; i < format.length(); i++) {
      char c = format.charAt(i);
      open += c == '{' ? 1 : c == '}' ? -1 : 0;
      if (open == 0) {
        return i;
      }
    }
    throw TemplateException.value("expected '}' before end of string");
  }

  private String field(String field, int nesting) {
    int bracket = field.indexOf(']');
    int colon = field.indexOf(':', field.indexOf('[') >= 0 ? Math.max(0, bracket) : 0);
    String target = colon < 0 ? field : field.substring(0, colon);
    String spec = colon < 0 ? "" : format(field.substring(colon + 1), nesting - 1);
    char conversion = ' ';
    int bang = target.indexOf('!');
    if (bang >= 0) {
      if (bang != target.length() - 2) {
        throw TemplateException.value("expected ':' after conversion specifier");
      }
      conversion = target.charAt(bang + 1);
      target = target.substring(0, bang);
    }
    Object value = lookUp(target);
    Object converted =
        switch (conversion) {
          case ' ' -> value;
          case 's' -> PythonText.str(value);
          case 'r', 'a' -> PythonText.repr(value);
          default ->
              throw TemplateException.value("Unknown conversion specifier '" + conversion + "'");
        };
    return FormatSpec.parse(spec).apply(render, converted);
  }

  private Object lookUp(String target) {
    int end = 0;
    while (end < target.length() && ".[".indexOf(target.charAt(end)) < 0) {
      end++;
    }
    Object value = first(target.substring(0, end));
    for (String step : steps(target.substring(end))) {
      if (step.startsWith(".")) {
        value = Attributes.get(value, step.substring(1));
      } else {
        String key = step.substring(1);
        boolean isIndex = !key.isEmpty() && key.chars().allMatch(c -> c >= '0' && c <= '9');
        value = Subscript.item(render, value, isIndex ? new BigInteger(key) : key);
      }
    }
    return value;
  }

  private Object first(String name) {
    boolean isIndex = name.chars().allMatch(c -> c >= '0' && c <= '9');
    if (isIndex) {
      int index = name.isEmpty() ? automatic++ : Sequences.clamp(new BigInteger(name));
      if (index >= values.positional().size()) {
        throw TemplateException.value(
            "Replacement index " + index + " out of range for positional args tuple");
      }
      return values.positional().get(index);
    } else if (!values.named().containsKey(name)) {
      throw TemplateException.value(PythonText.repr(name));
    }
    return values.named().get(name);
  }

  /** Splits {@code .a[0].b} into {@code .a}, {@code [0}, {@code .b}. */
  private static List<String> steps(String path) {
    List<String> steps = new ArrayList<>();
    int i = 0;
    while (i < path.length()) {
      int end;
      if (path.charAt(i) == '[') {
        end = path.indexOf(']', i);
        if (end < 0) {
          throw TemplateException.value("Missing ']' in format string");
        }
        steps.add(path.substring(i, end));
        i = end + 1;
      } else {
        end = i + 1;
        while (end < path.length() && ".[".indexOf(path.charAt(end)) < 0) {
          end++;
        }
        steps.add("." + path.substring(i + 1, end));
        i = end;
      }
    }
    return steps;
  }
}
