package dev.brigade.launcher.config;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Finds and reads the config. JSON is read as the YAML that it is. */
public final class ConfigFile {
  private static final ObjectMapper YAML =
      new ObjectMapper(
          YAMLFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build());

  private final Path workingFolder;
  private final Path userFolder;
  private final Map<String, String> environment;

  /**
   * @param workingFolder where {@code brigade.yaml} is looked for first
   * @param userFolder where it is looked for next
   * @param environment values for {@code ${NAME}}
   */
  public ConfigFile(Path workingFolder, Path userFolder, Map<String, String> environment) {
    this.workingFolder = workingFolder;
    this.userFolder = userFolder;
    this.environment = Map.copyOf(environment);
  }

  /**
   * Reads the file that is there, or takes the defaults.
   *
   * @param chosen the file that the user named
   */
  public BrigadeConfig load(Optional<Path> chosen) throws ConfigException {
    Optional<Path> file = file(chosen);
    JsonNode written = defaults().objectNode();
    if (file.isPresent()) {
      written = read(file.get());
    }
    String name = file.map(Path::toString).orElse("built-in defaults");
    Path base = file.map(Path::toAbsolutePath).map(Path::getParent).orElse(workingFolder);
    JsonNode expanded = new EnvironmentVariables(name, environment).expand(written, KeyPath.ROOT);
    JsonNode whole = Layered.over(defaults(), expanded);
    return new RecordBinder(name)
        .bind(whole, KeyPath.ROOT, BrigadeConfig.class)
        .resolvedAgainst(base.toAbsolutePath());
  }

  /** The file that {@link #load} reads; empty if it takes the defaults. */
  public Optional<Path> file(Optional<Path> chosen) {
    return chosen.or(this::found);
  }

  private Optional<Path> found() {
    return List.of(workingFolder.resolve("brigade.yaml"), userFolder.resolve("brigade.yaml"))
        .stream()
        .filter(Files::exists)
        .findFirst();
  }

  /** Reads a file of YAML or JSON as it is; an object without keys if it is empty. */
  public static JsonNode read(Path file) throws ConfigException {
    try {
      JsonNode tree = YAML.readTree(Files.readString(file));
      boolean empty = tree == null || tree.isMissingNode() || tree.isNull();
      return empty ? YAML.createObjectNode() : tree;
    } catch (JsonProcessingException e) {
      JsonLocation at = e.getLocation();
      String where = at == null ? "" : at.getLineNr() + ":" + at.getColumnNr() + ": ";
      String what = e.getOriginalMessage().lines().findFirst().orElse("cannot be read");
      throw new ConfigException(file.toString(), where + "not valid YAML: " + what);
    } catch (NoSuchFileException e) {
      throw new ConfigException(file.toString(), "there is no such file");
    } catch (IOException e) {
      throw new ConfigException(file.toString(), "cannot be read: " + e);
    }
  }

  private static ObjectNode defaults() {
    try (InputStream stream = ConfigFile.class.getResourceAsStream("defaults.yaml")) {
      return (ObjectNode) YAML.readTree(stream);
    } catch (IOException e) {
      throw new UncheckedIOException("the defaults are part of the jar", e);
    }
  }
}
