package dev.brigade.launcher.plugins;

import dev.brigade.spi.Provider;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;

/**
 * Asks one class loader for its plugins. A plugin that fails in any way is found as unavailable,
 * with one line that says why, and does not keep others from being found.
 */
final class PluginScan {
  private final ClassLoader loader;
  private final Optional<Path> folder;
  private final List<FoundPlugin> found = new ArrayList<>();

  private PluginScan(ClassLoader loader, Optional<Path> folder) {
    this.loader = loader;
    this.folder = folder;
  }

  /**
   * All plugins of a loader, whatever their kind.
   *
   * @param folder the plugin folder whose loader it is; only what comes from its own jars counts
   */
  static List<FoundPlugin> of(ClassLoader loader, Optional<Path> folder) {
    PluginScan scan = new PluginScan(loader, folder);
    for (PluginKind kind : PluginKind.values()) {
      scan.look(kind);
    }
    return List.copyOf(scan.found);
  }

  @SuppressWarnings("rawtypes")
  private void look(PluginKind kind) {
    Iterator<? extends ServiceLoader.Provider<? extends Provider>> providers =
        ServiceLoader.load(kind.service(), loader).stream().iterator();
    while (true) {
      try {
        if (!providers.hasNext()) {
          return;
        }
        found.add(examine(kind, providers.next()));
      } catch (ServiceConfigurationError | LinkageError e) {
        found.add(broken(kind, "?", folder, e));
      }
    }
  }

  @SuppressWarnings("rawtypes")
  private FoundPlugin examine(
      PluginKind kind, ServiceLoader.Provider<? extends Provider> candidate) {
    Class<?> type = candidate.type();
    Optional<Path> source = source(type).or(() -> folder);
    String name = type.getName();
    try {
      Provider<?, ?> provider = candidate.get();
      name = provider.name();
      provider.configType().getRecordComponents();
      Optional<String> unavailable = provider.unavailable();
      Optional<String> version = Optional.ofNullable(type.getPackage().getImplementationVersion());
      return new FoundPlugin(kind, name, version, source, Optional.of(provider), unavailable);
    } catch (ServiceConfigurationError | LinkageError | RuntimeException e) {
      return broken(kind, name, source, e);
    }
  }

  private static FoundPlugin broken(
      PluginKind kind, String name, Optional<Path> source, Throwable error) {
    Throwable cause = error;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    String reason = "it is broken: " + cause.toString().lines().findFirst().orElse("");
    return new FoundPlugin(
        kind, name, Optional.empty(), source, Optional.empty(), Optional.of(reason));
  }

  private static Optional<Path> source(Class<?> type) {
    try {
      return Optional.ofNullable(type.getProtectionDomain().getCodeSource())
          .map(source -> Path.of(URI.create(source.getLocation().toString())));
    } catch (IllegalArgumentException | SecurityException e) {
      return Optional.empty();
    }
  }
}
