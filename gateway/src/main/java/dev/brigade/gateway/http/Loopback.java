package dev.brigade.gateway.http;

import java.util.Locale;
import java.util.regex.Pattern;

/** Which names mean this machine and nothing else, told without asking a name server. */
public final class Loopback {
  private static final Pattern NAMES =
      Pattern.compile("localhost|127(\\.\\d{1,3}){3}|::1|\\[::1]|0:0:0:0:0:0:0:1");

  private Loopback() {}

  /** Whether the host is {@code localhost} or a loopback address. */
  public static boolean is(String host) {
    return NAMES.matcher(host.toLowerCase(Locale.ROOT)).matches();
  }

  /** The same for {@code host[:port]}. */
  static boolean isAuthority(String authority) {
    int colon = authority.lastIndexOf(':');
    boolean hasPort = colon > authority.lastIndexOf(']') && authority.indexOf(':') == colon;
    hasPort |= authority.startsWith("[") && colon > authority.lastIndexOf(']');
    return is(hasPort ? authority.substring(0, colon) : authority);
  }
}
