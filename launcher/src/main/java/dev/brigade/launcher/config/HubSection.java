package dev.brigade.launcher.config;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Where models named {@code org/name} come from. What is left out is as the environment has it for
 * Hugging Face's own tools.
 *
 * @param endpoint base address; {@code HF_ENDPOINT}, or https://huggingface.co
 * @param token for gated and private models; {@code HF_TOKEN}, or what logging in has left
 * @param cache folder that all tools share; {@code HF_HUB_CACHE}, {@code HF_HOME}/hub
 * @param offline use only what is in the cache; {@code HF_HUB_OFFLINE}
 */
public record HubSection(
    Optional<String> endpoint,
    Optional<String> token,
    Optional<Path> cache,
    Optional<Boolean> offline) {
  public HubSection {
    if (endpoint.filter(address -> !address.matches("https?://[^\\s/]+.*")).isPresent()) {
      throw new IllegalArgumentException(
          "endpoint is '" + endpoint.get() + "', allowed is an http or https address");
    }
    if (token.filter(String::isBlank).isPresent()) {
      throw new IllegalArgumentException("token is blank; leave it out, or set one of yours");
    }
  }

  /** The same with the cache read from {@code base} where it is relative. */
  HubSection resolvedAgainst(Path base) {
    return new HubSection(endpoint, token, cache.map(base::resolve).map(Path::normalize), offline);
  }

  @Override
  public String toString() {
    return "HubSection[endpoint=" + endpoint + ", cache=" + cache + ", offline=" + offline + "]";
  }
}
