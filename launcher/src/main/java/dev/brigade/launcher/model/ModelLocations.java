package dev.brigade.launcher.model;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Finds models: those that come with Brigade, and folders. */
public final class ModelLocations {
  private static final String BUNDLED = "bundled/";
  private final Optional<Path> home;

  /**
   * @param home of the distribution
   */
  public ModelLocations(Optional<Path> home) {
    this.home = home;
  }

  /** The models that come with Brigade, by name. */
  public List<ModelLocation> bundled() {
    Optional<Path> folder = home.map(path -> path.resolve("bundled")).filter(Files::isDirectory);
    if (folder.isEmpty()) {
      return List.of();
    }
    try (Stream<Path> models = Files.list(folder.get())) {
      return models
          .filter(model -> Files.exists(model.resolve("config.json")))
          .sorted()
          .map(model -> new ModelLocation(BUNDLED + model.getFileName(), model))
          .toList();
    } catch (IOException e) {
      return List.of();
    }
  }

  /**
   * Finds a model.
   *
   * @param name {@code bundled/NAME}, or a folder's path
   * @throws ModelNotFoundException if there is none of that name
   */
  public ModelLocation find(String name) throws ModelNotFoundException {
    for (ModelLocation model : bundled()) {
      if (model.id().equals(name)) {
        return model;
      }
    }
    Path folder = folder(name);
    if (Files.isDirectory(folder)) {
      return new ModelLocation(id(folder), folder.toAbsolutePath().normalize());
    }
    throw new ModelNotFoundException(explanation(name, folder));
  }

  private static Path folder(String name) throws ModelNotFoundException {
    try {
      return Path.of(name);
    } catch (InvalidPathException e) {
      throw new ModelNotFoundException("'" + name + "' names no model: " + e.getReason());
    }
  }

  private static String id(Path folder) {
    Path name = folder.toAbsolutePath().normalize().getFileName();
    return name == null ? "model" : name.toString();
  }

  private String explanation(String name, Path folder) {
    List<String> bundled = bundled().stream().map(ModelLocation::id).toList();
    if (name.startsWith(BUNDLED)) {
      return "there is no model '" + name + "'; bundled here: " + bundled;
    }
    if (Files.exists(folder)) {
      return name + " is a file; a model is a folder with a config.json";
    }
    String hub =
        name.matches("[\\w.-]+/[\\w.-]+")
            ? " (models of a hub cannot be fetched yet: download it, and give its folder)"
            : "";
    return "there is no folder '"
        + name
        + "', and no bundled model of that name"
        + hub
        + "; bundled here: "
        + bundled;
  }
}
