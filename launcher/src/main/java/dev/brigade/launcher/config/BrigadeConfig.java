package dev.brigade.launcher.config;

import java.nio.file.Path;
import java.util.List;

/**
 * The whole config, defaults filled in.
 *
 * @param plugins folders that have a folder for each plugin; absolute
 */
public record BrigadeConfig(
    NodeSection node,
    List<Path> plugins,
    PluginSection engine,
    MemorySection memory,
    PluginSection transport,
    List<PluginSection> discovery,
    PluginSection partition,
    ModelSection model,
    HubSection hub,
    ApiSection api,
    LogSection log) {

  /** The same with folders read from {@code base} where they are relative. */
  BrigadeConfig resolvedAgainst(Path base) {
    List<Path> folders = plugins.stream().map(base::resolve).map(Path::normalize).toList();
    return new BrigadeConfig(
        node,
        folders,
        engine,
        memory,
        transport,
        discovery,
        partition,
        model,
        hub.resolvedAgainst(base),
        api,
        log);
  }
}
