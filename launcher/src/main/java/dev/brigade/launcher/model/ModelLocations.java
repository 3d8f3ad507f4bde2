package dev.brigade.launcher.model;

import dev.brigade.model.ModelFiles;
import dev.brigade.model.hub.HubException;
import dev.brigade.model.hub.HubId;
import dev.brigade.model.hub.HubModel;
import dev.brigade.spi.engine.ModelRef;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Finds models: those that come with Brigade, folders, and those of the hub. */
public final class ModelLocations {
  private static final String BUNDLED = "bundled/";
  private final Optional<Path> home;
  private final HubModels hub;

  /**
   * @param home of the distribution
   * @param hub asked for what is nowhere here
   */
  public ModelLocations(Optional<Path> home, HubModels hub) {
    this.home = home;
    this.hub = hub;
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
          .map(model -> ModelLocation.here(BUNDLED + model.getFileName(), model))
          .toList();
    } catch (IOException e) {
      return List.of();
    }
  }

  /**
   * Finds a model; blocks while config and tokenizer are fetched from a hub.
   *
   * @param name {@code bundled/NAME}, the path of a folder or a GGUF file, or {@code ORG/NAME} with
   *     or without {@code @REVISION}
   * @throws ModelNotFoundException if there is none of that name, or it is not to be had
   */
  public ModelLocation find(String name) throws ModelNotFoundException {
    for (ModelLocation model : bundled()) {
      if (model.id().equals(name)) {
        return model;
      }
    }
    Path folder = folder(name);
    if (Files.isDirectory(folder) || ModelFiles.isGguf(folder)) {
      return ModelLocation.here(id(folder), folder.toAbsolutePath().normalize());
    }
    Optional<HubId> id = name.startsWith(BUNDLED) ? Optional.empty() : HubId.parse(name);
    if (id.isEmpty() || Files.exists(folder)) {
      throw new ModelNotFoundException(explanation(name, folder));
    }
    try {
      return remote(id.get());
    } catch (HubException e) {
      throw new ModelNotFoundException(e.getMessage());
    }
  }

  /**
   * A model of the hub as a plan of another member names it.
   *
   * @return empty if this is no model of a hub
   * @throws HubException if it is not to be had
   */
  Optional<ModelLocation> find(ModelRef ref) throws HubException {
    Optional<HubId> id = ref.id().startsWith(BUNDLED) ? Optional.empty() : HubId.parse(ref.id());
    if (id.isEmpty()) {
      return Optional.empty();
    }
    // A commit is itself what tells models of a hub apart; a branch may have moved since.
    boolean isCommit = ref.fingerprint().matches("[0-9a-f]{40}");
    HubModel model = hub.open(isCommit ? id.get().at(ref.fingerprint()) : id.get());
    return Optional.of(new ModelLocation(ref.id(), model.folder(), Optional.of(model)));
  }

  private ModelLocation remote(HubId id) throws HubException {
    HubModel model = hub.open(id);
    return new ModelLocation(id.toString(), model.folder(), Optional.of(model));
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
    return "there is no folder '"
        + name
        + "', and no bundled model of that name"
        + "; bundled here: "
        + bundled;
  }
}
