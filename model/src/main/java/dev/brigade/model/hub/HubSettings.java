package dev.brigade.model.hub;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * Which hub, as whom, and where what it sends is kept.
 *
 * @param endpoint base address
 * @param token shown to the endpoint, and to no other host
 * @param cache folder of repositories, in the layout that Hugging Face's tools share
 * @param offline never ask the hub; use what is in the cache
 * @param patience with connections
 */
public record HubSettings(
    URI endpoint, Optional<String> token, Path cache, boolean offline, Patience patience) {

  public HubSettings {
    boolean http = "http".equals(endpoint.getScheme()) || "https".equals(endpoint.getScheme());
    if (!http || endpoint.getHost() == null) {
      throw new IllegalArgumentException(
          "endpoint is '" + endpoint + "', expected is an address such as https://huggingface.co");
    }
    String text = endpoint.toString();
    endpoint = URI.create(text.endsWith("/") ? text.substring(0, text.length() - 1) : text);
    if (token.filter(secret -> !secret.matches("[\\x21-\\x7e]+")).isPresent()) {
      throw new IllegalArgumentException("token has characters that no token has, or is blank");
    }
    cache = cache.toAbsolutePath().normalize();
  }

  /**
   * How long is waited for what.
   *
   * @param connect for a connection
   * @param answer for the head of an answer
   * @param stall for the next bytes of a body
   * @param pause before the first retry; doubled with each further one
   * @param longestPause that is made before a retry, also where the hub asks for more
   * @param tries attempts in a row that bring no new byte
   */
  public record Patience(
      Duration connect,
      Duration answer,
      Duration stall,
      Duration pause,
      Duration longestPause,
      int tries) {

    /** What serves a home network. */
    public static Patience standard() {
      return new Patience(
          Duration.ofSeconds(10),
          Duration.ofSeconds(30),
          Duration.ofSeconds(30),
          Duration.ofMillis(500),
          Duration.ofMinutes(6),
          7);
    }
  }

  @Override
  public String toString() {
    return "HubSettings[endpoint=" + endpoint + ", cache=" + cache + ", offline=" + offline + "]";
  }
}
