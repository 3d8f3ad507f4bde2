package dev.brigade.model.hub;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What the environment says about the hub, by the variables that Hugging Face's tools read.
 *
 * @param variables the environment
 * @param home the user's home folder
 */
public record HubEnvironment(Map<String, String> variables, Path home) {
  private static final String USUAL_ENDPOINT = "https://huggingface.co";
  private static final Set<String> YES = Set.of("1", "ON", "YES", "TRUE");

  public HubEnvironment {
    variables = Map.copyOf(variables);
  }

  /** That of this process. */
  public static HubEnvironment ofThisProcess() {
    return new HubEnvironment(System.getenv(), Path.of(System.getProperty("user.home")));
  }

  /** {@code HF_ENDPOINT}, or Hugging Face. */
  public URI endpoint() {
    return URI.create(value("HF_ENDPOINT").orElse(USUAL_ENDPOINT));
  }

  /** {@code HF_HUB_CACHE}, or where it lies below {@code HF_HOME}. */
  public Path cache() {
    return value("HF_HUB_CACHE")
        .or(() -> value("HUGGINGFACE_HUB_CACHE"))
        .map(this::path)
        .orElseGet(() -> hfHome().resolve("hub"));
  }

  /** {@code HF_TOKEN}, or what is in the file that logging in writes. */
  public Optional<String> token() {
    return value("HF_TOKEN").or(() -> value("HUGGING_FACE_HUB_TOKEN")).or(this::tokenOfFile);
  }

  /** Whether {@code HF_HUB_OFFLINE} is set. */
  public boolean offline() {
    return value("HF_HUB_OFFLINE")
        .or(() -> value("TRANSFORMERS_OFFLINE"))
        .filter(text -> YES.contains(text.toUpperCase(Locale.ROOT)))
        .isPresent();
  }

  private Optional<String> tokenOfFile() {
    Path file = value("HF_TOKEN_PATH").map(this::path).orElse(hfHome().resolve("token"));
    try {
      return Optional.of(Files.readString(file).strip()).filter(token -> !token.isEmpty());
    } catch (IOException e) {
      // Nobody has logged in here.
      return Optional.empty();
    }
  }

  private Path hfHome() {
    return value("HF_HOME")
        .map(this::path)
        .orElseGet(
            () ->
                value("XDG_CACHE_HOME")
                    .map(this::path)
                    .orElse(home.resolve(".cache"))
                    .resolve("huggingface"));
  }

  private Path path(String text) {
    boolean below = text.startsWith("~/") || text.startsWith("~\\");
    return text.equals("~") ? home : below ? home.resolve(text.substring(2)) : Path.of(text);
  }

  private Optional<String> value(String name) {
    return Optional.ofNullable(variables.get(name)).map(String::strip).filter(v -> !v.isEmpty());
  }
}
