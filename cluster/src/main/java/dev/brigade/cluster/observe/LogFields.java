package dev.brigade.cluster.observe;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A structured log line: {@code key=value} pairs as people read and tools split them (logfmt).
 * Texts with spaces, quotes or control characters are quoted, as are those that look like numbers,
 * so that a line can be taken apart again and nobody can forge one.
 *
 * @param values by key, in order; each a {@link String} or a {@link Long}
 */
public record LogFields(Map<String, Object> values) {
  private static final Pattern KEY = Pattern.compile("[a-z][a-z0-9_]*");
  private static final Pattern NUMBER = Pattern.compile("-?[0-9]{1,19}");
  private static final Pattern BARE = Pattern.compile("[^\\s\"=\\\\\\p{Cntrl}\\u2028\\u2029]+");
  private static final Pattern PAIR =
      Pattern.compile("(" + KEY + ")=(?:\"((?:[^\"\\\\]|\\\\.)*+)\"|([^\\s\"]+))(?: |$)");

  public LogFields {
    values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    for (Map.Entry<String, Object> field : values.entrySet()) {
      if (!KEY.matcher(field.getKey()).matches()) {
        throw new IllegalArgumentException("key '" + field.getKey() + "' is not " + KEY);
      }
      if (!(field.getValue() instanceof String || field.getValue() instanceof Long)) {
        throw new IllegalArgumentException(field.getKey() + " is neither text nor number");
      }
    }
  }

  /** Nothing yet. */
  public static LogFields none() {
    return new LogFields(Map.of());
  }

  /** These and a text. */
  public LogFields with(String key, String value) {
    return plus(key, value);
  }

  /** These and a number. */
  public LogFields with(String key, long value) {
    return plus(key, value);
  }

  /** These and those of another. */
  public LogFields with(LogFields more) {
    Map<String, Object> all = new LinkedHashMap<>(values);
    all.putAll(more.values);
    return new LogFields(all);
  }

  private LogFields plus(String key, Object value) {
    Map<String, Object> more = new LinkedHashMap<>(values);
    more.put(key, value);
    return new LogFields(more);
  }

  /** The line. */
  @Override
  public String toString() {
    StringBuilder line = new StringBuilder();
    values.forEach(
        (key, value) -> {
          line.append(line.isEmpty() ? "" : " ").append(key).append('=');
          if (value instanceof String text) {
            write(text, line);
          } else {
            line.append(value);
          }
        });
    return line.toString();
  }

  private static void write(String text, StringBuilder line) {
    if (BARE.matcher(text).matches() && !NUMBER.matcher(text).matches()) {
      line.append(text);
      return;
    }
    line.append('"');
    for (char c : text.toCharArray()) {
      switch (c) {
        case '"', '\\' -> line.append('\\').append(c);
        case '\n' -> line.append("\\n");
        default -> {
          if (Character.isISOControl(c) || c == 0x2028 || c == 0x2029) {
            line.append("\\u%04x".formatted((int) c));
          } else {
            line.append(c);
          }
        }
      }
    }
    line.append('"');
  }

  /** Takes a line apart; empty if it is not one of these. */
  public static Optional<LogFields> parse(String line) {
    Map<String, Object> values = new LinkedHashMap<>();
    Matcher pair = PAIR.matcher(line);
    int end = 0;
    while (end < line.length()) {
      if (!pair.find(end) || pair.start() != end) {
        return Optional.empty();
      }
      values.put(pair.group(1), value(pair));
      end = pair.end();
    }
    return values.isEmpty() ? Optional.empty() : Optional.of(new LogFields(values));
  }

  private static Object value(Matcher pair) {
    if (pair.group(2) != null) {
      return unescaped(pair.group(2));
    }
    String bare = pair.group(3);
    try {
      return NUMBER.matcher(bare).matches() ? (Object) Long.valueOf(bare) : bare;
    } catch (NumberFormatException e) {
      return bare; // longer than any number of ours
    }
  }

  private static String unescaped(String quoted) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < quoted.length(); i++) {
      char c = quoted.charAt(i);
      if (c != '\\') {
        text.append(c);
        continue;
      }
      char escaped = quoted.charAt(++i);
      if (escaped == 'u' && i + 4 < quoted.length()) {
        text.append((char) Integer.parseInt(quoted.substring(i + 1, i + 5), 16));
        i += 4;
      } else {
        text.append(escaped == 'n' ? '\n' : escaped);
      }
    }
    return text.toString();
  }
}
