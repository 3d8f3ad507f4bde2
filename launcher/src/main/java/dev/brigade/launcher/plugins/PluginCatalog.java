package dev.brigade.launcher.plugins;

import dev.brigade.launcher.config.ConfigException;
import dev.brigade.launcher.config.NearestKey;
import dev.brigade.launcher.config.PluginSection;
import dev.brigade.launcher.config.RecordBinder;
import dev.brigade.spi.Host;
import dev.brigade.spi.Provider;
import dev.brigade.spi.discovery.Discovery;
import dev.brigade.spi.engine.InferenceEngine;
import dev.brigade.spi.partition.PartitionStrategy;
import dev.brigade.spi.transport.Transport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** The plugins that this process can use, and those that it cannot with the reason. */
public final class PluginCatalog {
  private final List<FoundPlugin> plugins;
  private final List<Path> folders;

  private PluginCatalog(List<FoundPlugin> plugins, List<Path> folders) {
    this.plugins = List.copyOf(plugins);
    this.folders = List.copyOf(folders);
  }

  /**
   * Looks on the class path and in plugin folders. Of two plugins of one kind and name the first
   * counts, the class path before the folders.
   *
   * @param parents folders that have a folder for each plugin
   * @param problems is told one line for each folder that cannot be read or has no plugin
   */
  public static PluginCatalog scan(List<Path> parents, Consumer<String> problems) {
    List<FoundPlugin> found =
        new ArrayList<>(PluginScan.of(PluginCatalog.class.getClassLoader(), Optional.empty()));
    for (Path parent : parents) {
      try {
        for (Path folder : PluginFolder.below(parent)) {
          List<FoundPlugin> inside =
              PluginScan.of(PluginFolder.loader(folder), Optional.of(folder));
          if (inside.isEmpty()) {
            problems.accept(
                folder + " has no plugin: no readable jar names one under META-INF/services");
          }
          found.addAll(inside);
        }
      } catch (IOException e) {
        String reason = Files.exists(parent) ? "cannot be read: " + e : "does not exist";
        problems.accept("the plugin folder " + parent + " " + reason);
      }
    }
    return new PluginCatalog(withoutDoubles(found), parents);
  }

  private static List<FoundPlugin> withoutDoubles(List<FoundPlugin> found) {
    Map<String, FoundPlugin> first = new HashMap<>();
    List<FoundPlugin> result = new ArrayList<>();
    for (FoundPlugin plugin : found) {
      FoundPlugin earlier = first.putIfAbsent(plugin.kind() + " " + plugin.name(), plugin);
      boolean doubled = earlier != null && !plugin.name().equals("?");
      result.add(doubled ? plugin.refused("its name is taken by " + place(earlier)) : plugin);
    }
    return result;
  }

  private static String place(FoundPlugin plugin) {
    return plugin.source().map(Path::toString).orElse("a plugin on the class path")
        + "; remove one of the two";
  }

  /** The folders that have a folder for each plugin. */
  public List<Path> folders() {
    return folders;
  }

  /** All, available or not, kind by kind in the order in which they were found. */
  public List<FoundPlugin> all() {
    return plugins.stream().sorted(java.util.Comparator.comparing(FoundPlugin::kind)).toList();
  }

  /** Names of the engines that can be used here, those first that suit such a machine best. */
  public List<String> engines() {
    return EnginePreference.here()
        .order(
            plugins.stream()
                .filter(plugin -> plugin.kind() == PluginKind.ENGINE && plugin.available())
                .map(FoundPlugin::name)
                .toList());
  }

  /** The keys that the config of an engine knows; empty if there is no such engine. */
  public List<String> engineKeys(String engine) {
    return keys(PluginKind.ENGINE, engine);
  }

  /** The keys that the config of a transport knows; empty if there is no such transport. */
  public List<String> transportKeys(String transport) {
    return keys(PluginKind.TRANSPORT, transport);
  }

  private List<String> keys(PluginKind kind, String name) {
    return plugins.stream()
        .filter(plugin -> plugin.kind() == kind && plugin.name().equals(name))
        .flatMap(plugin -> plugin.provider().stream())
        .flatMap(provider -> RecordBinder.keys(provider.configType()).stream())
        .toList();
  }

  /**
   * Makes the engine that a section selects by its name.
   *
   * @throws ConfigException if there is no such engine, or its settings do not fit
   */
  public InferenceEngine engine(PluginSection section, Host host) throws ConfigException {
    return make(PluginKind.ENGINE, section, host, InferenceEngine.class);
  }

  /** Makes the transport that a section selects. */
  public Transport transport(PluginSection section, Host host) throws ConfigException {
    return make(PluginKind.TRANSPORT, section, host, Transport.class);
  }

  /** Makes the discovery that a section selects. */
  public Discovery discovery(PluginSection section, Host host) throws ConfigException {
    return make(PluginKind.DISCOVERY, section, host, Discovery.class);
  }

  /** Makes the partition strategy that a section selects. */
  public PartitionStrategy partition(PluginSection section, Host host) throws ConfigException {
    return make(PluginKind.PARTITION, section, host, PartitionStrategy.class);
  }

  private <P> P make(PluginKind kind, PluginSection section, Host host, Class<P> type)
      throws ConfigException {
    Provider<?, ?> provider = provider(kind, section);
    return type.cast(make(provider, section, host));
  }

  private static <P, C extends Record> P make(
      Provider<P, C> provider, PluginSection section, Host host) throws ConfigException {
    C config = section.bind(provider.configType());
    Optional<String> reason = provider.unavailable(config);
    if (reason.isPresent()) {
      throw unusable(section, reason.get());
    }
    try {
      return provider.create(config, host);
    } catch (IllegalArgumentException e) {
      throw new ConfigException(section.file(), section.path() + ": " + e.getMessage());
    }
  }

  private Provider<?, ?> provider(PluginKind kind, PluginSection section) throws ConfigException {
    List<FoundPlugin> candidates =
        plugins.stream()
            .filter(plugin -> plugin.kind() == kind && plugin.name().equals(section.type()))
            .toList();
    Optional<FoundPlugin> usable = candidates.stream().filter(FoundPlugin::available).findFirst();
    if (usable.isPresent()) {
      return usable.get().provider().orElseThrow();
    }
    // Its settings may make it usable.
    Optional<Provider<?, ?>> dormant =
        candidates.stream().flatMap(plugin -> plugin.provider().stream()).findFirst();
    if (dormant.isPresent()) {
      return dormant.get();
    }
    if (!candidates.isEmpty()) {
      throw unusable(section, candidates.get(0).unavailable().orElseThrow());
    }
    List<String> known =
        plugins.stream()
            .filter(plugin -> plugin.kind() == kind)
            .map(FoundPlugin::name)
            .distinct()
            .toList();
    String nearest =
        NearestKey.of(section.type(), known)
            .map(near -> ", the nearest is '" + near + "'")
            .orElse("");
    throw new ConfigException(
        section.file(),
        selected(section) + "but there is no such " + kind + "; known: " + known + nearest);
  }

  private static ConfigException unusable(PluginSection section, String reason) {
    return new ConfigException(
        section.file(), selected(section) + "which cannot be used here: " + reason);
  }

  private static String selected(PluginSection section) {
    return section.path().key("type") + " is '" + section.type() + "', ";
  }
}
