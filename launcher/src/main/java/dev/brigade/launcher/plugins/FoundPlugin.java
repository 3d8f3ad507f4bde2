package dev.brigade.launcher.plugins;

import dev.brigade.spi.Provider;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A plugin that is there, whether or not it can be used.
 *
 * @param kind what it is
 * @param name by which a config selects it; the provider's class if even that cannot be told
 * @param version as its jar states it
 * @param source the jar, or the folder of classes, that it comes from
 * @param provider empty if it cannot be used whatever its settings are
 * @param unavailable why it cannot be used without settings; empty if it can
 */
public record FoundPlugin(
    PluginKind kind,
    String name,
    Optional<String> version,
    Optional<Path> source,
    Optional<Provider<?, ?>> provider,
    Optional<String> unavailable) {
  public FoundPlugin {
    if (provider.isEmpty() && unavailable.isEmpty()) {
      throw new IllegalArgumentException(
          "plugin " + name + " needs either a provider or a reason why there is none");
    }
  }

  /** The same plugin, out of use for a reason. */
  FoundPlugin refused(String reason) {
    return new FoundPlugin(kind, name, version, source, Optional.empty(), Optional.of(reason));
  }

  /** Whether it can be used here without settings. */
  public boolean available() {
    return unavailable.isEmpty();
  }
}
