package dev.brigade.discovery.tailscale;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** Ports to try: one, or a few in a row, since several nodes of a machine take several. */
record PortRange(int first, int last) {
  private static final Pattern FORM = Pattern.compile("(\\d{1,5})(?:\\s*-\\s*(\\d{1,5}))?");
  private static final int MOST = 16;

  static PortRange parse(String text) {
    Matcher matcher = FORM.matcher(text.strip());
    if (matcher.matches()) {
      int first = Integer.parseInt(matcher.group(1));
      int last = matcher.group(2) == null ? first : Integer.parseInt(matcher.group(2));
      if (first >= 1 && last <= 65535 && first <= last && last - first < MOST) {
        return new PortRange(first, last);
      }
    }
    throw new IllegalArgumentException(
        "port: '"
            + text
            + "' is neither a port within 1..65535 nor a range of at most "
            + MOST
            + " such as 52416-52419");
  }

  List<Integer> ports() {
    return IntStream.rangeClosed(first, last).boxed().toList();
  }
}
