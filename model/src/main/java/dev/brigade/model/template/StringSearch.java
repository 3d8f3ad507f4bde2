package dev.brigade.model.template;

import dev.brigade.model.template.Parameters.Bound;
import java.math.BigInteger;
import java.util.Optional;

/** {@code str.find} and its kin, which count positions in code points. */
final class StringSearch {
  private StringSearch() {}

  static BigInteger find(String self, String name, Arguments given) {
    Bound bound = Parameters.of(name, 1, "sub", "start", "end").bind(given);
    Optional<String> window = window(self, bound);
    if (window.isEmpty()) {
      return BigInteger.ONE.negate();
    }
    String text = window.get();
    String wanted = bound.text("sub");
    int at = name.equals("find") ? text.indexOf(wanted) : text.lastIndexOf(wanted);
    int position = at < 0 ? -1 : text.codePointCount(0, at) + start(self, bound);
    return BigInteger.valueOf(position);
  }

  static BigInteger index(String self, String name, Arguments given) {
    BigInteger found = find(self, name, given);
    if (found.signum() < 0) {
      throw TemplateException.value("substring not found");
    }
    return found;
  }

  static BigInteger count(String self, Arguments given) {
    Bound bound = Parameters.of("count", 1, "sub", "start", "end").bind(given);
    Optional<String> window = window(self, bound);
    String wanted = bound.text("sub");
    if (window.isEmpty()) {
      return BigInteger.ZERO;
    } else if (wanted.isEmpty()) {
      return BigInteger.valueOf(CodePoints.length(window.get()) + 1L);
    }
    int count = 0;
    int from = window.get().indexOf(wanted);
    while (from >= 0) {
      count++;
      from = window.get().indexOf(wanted, from + wanted.length());
    }
    return BigInteger.valueOf(count);
  }

  /** The part that {@code start} and {@code end} select; empty when start lies behind it all. */
  static Optional<String> window(String self, Bound bound) {
    if (!bound.isSet("start") && !bound.isSet("end")) {
      return Optional.of(self);
    }
    int size = CodePoints.length(self);
    int start = start(self, bound);
    int end = bound.isSet("end") ? bound.integer("end", size) : size;
    end = Math.min(size, end < 0 ? Math.max(0, end + size) : end);
    return start > end ? Optional.empty() : Optional.of(CodePoints.substring(self, start, end));
  }

  private static int start(String self, Bound bound) {
    int start = bound.isSet("start") ? bound.integer("start", 0) : 0;
    return start < 0 ? Math.max(0, start + CodePoints.length(self)) : start;
  }
}
