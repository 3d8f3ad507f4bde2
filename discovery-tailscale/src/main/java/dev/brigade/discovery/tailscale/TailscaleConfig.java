package dev.brigade.discovery.tailscale;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Where to ask for the tailnet and which of its machines to try.
 *
 * @param socket the daemon's Unix-domain socket; the usual places if absent
 * @param command the command {@code tailscale}; looked for if absent, and used only where there is
 *     no socket or where this names one and {@code socket} names none
 * @param port Brigade's port on other machines, or a range such as {@code 52416-52419}; this node's
 *     own port if absent
 * @param tags one of which a machine must have; any machine will do if absent or empty
 * @param interval between two looks, 1 s to 1 h; 5 s if absent
 * @param proxy through which ports are tried, {@code socks5://host:port} or {@code
 *     http://host:port}; for a daemon in userspace-networking mode
 * @param apiKey key of the control plane's API, which is asked too if this is there
 * @param apiUrl base URL of that API; {@code https://api.tailscale.com} if absent
 * @param tailnet name of the tailnet in that API; {@code -}, the one of the key, if absent
 */
public record TailscaleConfig(
    Optional<String> socket,
    Optional<String> command,
    Optional<String> port,
    Optional<List<String>> tags,
    Optional<Duration> interval,
    Optional<String> proxy,
    Optional<String> apiKey,
    Optional<String> apiUrl,
    Optional<String> tailnet) {
  private static final Duration DEFAULT_INTERVAL = Duration.ofSeconds(5);
  private static final Duration SHORTEST = Duration.ofSeconds(1);
  private static final Duration LONGEST = Duration.ofHours(1);
  private static final String DEFAULT_API = "https://api.tailscale.com";

  public TailscaleConfig {
    tags = tags.map(List::copyOf);
    port.ifPresent(PortRange::parse);
    tags.ifPresent(list -> list.forEach(TailscaleConfig::checkTag));
    interval.ifPresent(TailscaleConfig::checkInterval);
    proxy.ifPresent(Proxies::parse);
    apiUrl.ifPresent(TailscaleConfig::checkUrl);
    apiKey.filter(String::isBlank).ifPresent(TailscaleConfig::blankKey);
  }

  /** Every key at its default. */
  public static TailscaleConfig defaults() {
    return new TailscaleConfig(
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  Optional<Path> socketPath() {
    return socket.map(Path::of);
  }

  Optional<Path> commandPath() {
    return command.map(Path::of);
  }

  /** Whether it says where to ask, so that nothing needs to be found. */
  boolean namesSource() {
    return socket.isPresent() || command.isPresent() || apiKey.isPresent();
  }

  Set<String> wantedTags() {
    return Set.copyOf(tags.orElse(List.of()));
  }

  Duration effectiveInterval() {
    return interval.orElse(DEFAULT_INTERVAL);
  }

  /** Where the API lists the tailnet's devices. */
  URI devices() {
    String base = apiUrl.orElse(DEFAULT_API).replaceAll("/+$", "");
    return URI.create(base + "/api/v2/tailnet/" + tailnet.orElse("-") + "/devices");
  }

  @Override
  public String toString() {
    return "TailscaleConfig[socket="
        + socket
        + ", command="
        + command
        + ", port="
        + port
        + ", tags="
        + tags
        + ", apiKey="
        + apiKey.map(key -> "hidden")
        + "]";
  }

  private static void checkTag(String tag) {
    if (!tag.matches("tag:[a-zA-Z][a-zA-Z0-9-]*")) {
      throw new IllegalArgumentException("tags: '" + tag + "' is not of the form tag:brigade");
    }
  }

  private static void checkInterval(Duration interval) {
    if (interval.compareTo(SHORTEST) < 0 || interval.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException("interval: " + interval + " is not within 1 s and 1 h");
    }
  }

  private static void checkUrl(String url) {
    if (!url.matches("https?://[^\\s?#]+")) {
      throw new IllegalArgumentException(
          "api-url: '" + url + "' is not a base URL such as " + DEFAULT_API);
    }
  }

  private static void blankKey(String key) {
    throw new IllegalArgumentException("api-key: is blank; leave it out to do without the API");
  }
}
