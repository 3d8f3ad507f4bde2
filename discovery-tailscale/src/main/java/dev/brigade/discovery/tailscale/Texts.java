package dev.brigade.discovery.tailscale;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Lists of texts and of addresses in JSON; Tailscale writes an empty list as null or not at all.
 */
final class Texts {
  // Only literals: a name in their place would make the JVM ask a name server.
  private static final Pattern LITERAL = Pattern.compile("[0-9.]+|[0-9a-fA-F.]*:[0-9a-fA-F:.]*");

  private Texts() {}

  static List<String> in(JsonNode list) {
    List<String> texts = new ArrayList<>();
    list.forEach(item -> texts.add(item.asText()));
    return texts.stream().distinct().toList();
  }

  /** The addresses among {@code texts}, IPv4 first. */
  static List<InetAddress> addresses(List<String> texts) {
    List<InetAddress> addresses = new ArrayList<>();
    for (String text : texts) {
      if (LITERAL.matcher(text).matches()) {
        try {
          addresses.add(InetAddress.getByName(text));
        } catch (UnknownHostException e) {
          // A literal of a kind this JVM does not know is no address to connect to.
          continue;
        }
      }
    }
    addresses.sort(Comparator.comparing(address -> !(address instanceof Inet4Address)));
    return addresses;
  }
}
