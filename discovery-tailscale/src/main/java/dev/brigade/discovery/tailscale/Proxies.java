package dev.brigade.discovery.tailscale;

import dev.brigade.spi.transport.Endpoint;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the key {@code proxy}. */
final class Proxies {
  private static final Pattern FORM = Pattern.compile("(?:(socks5|http)://)?([^/\\s]+)/?");

  private Proxies() {}

  /** A SOCKS5 proxy unless the text begins with {@code http://}. Asks no name server. */
  static Proxy parse(String text) {
    Matcher matcher = FORM.matcher(text);
    if (matcher.matches()) {
      try {
        Endpoint at = Endpoint.parse(matcher.group(2));
        Proxy.Type type = "http".equals(matcher.group(1)) ? Proxy.Type.HTTP : Proxy.Type.SOCKS;
        return new Proxy(type, InetSocketAddress.createUnresolved(at.host(), at.port()));
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(reason(text), e);
      }
    }
    throw new IllegalArgumentException(reason(text));
  }

  private static String reason(String text) {
    return "proxy: '" + text + "' is neither socks5://host:port nor http://host:port";
  }
}
