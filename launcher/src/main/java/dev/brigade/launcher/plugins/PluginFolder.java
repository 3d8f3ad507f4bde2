package dev.brigade.launcher.plugins;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * The class loaders of plugin folders: one for each folder and process, never closed, since a JNI
 * library belongs to the loader that loaded it. A loader sees the JDK, the SPI, the model module
 * and its own jars, and nothing else of Brigade or of other plugins.
 */
final class PluginFolder {
  private static final Map<Path, ClassLoader> LOADERS = new ConcurrentHashMap<>();
  private static final ClassLoader SHARED =
      new SharedClasses(
          PluginFolder.class.getClassLoader(), List.of("dev.brigade.spi.", "dev.brigade.model."));

  private PluginFolder() {}

  /**
   * The folders below {@code parent} that hold jars, by name.
   *
   * @throws IOException if {@code parent} cannot be read
   */
  static List<Path> below(Path parent) throws IOException {
    try (Stream<Path> children = Files.list(parent)) {
      return children.filter(child -> !jars(child).isEmpty()).sorted().toList();
    }
  }

  /** The loader of one folder. */
  static ClassLoader loader(Path folder) throws IOException {
    return LOADERS.computeIfAbsent(folder.toRealPath(), PluginFolder::newLoader);
  }

  private static ClassLoader newLoader(Path folder) {
    URL[] urls = jars(folder).stream().map(PluginFolder::url).toArray(URL[]::new);
    return new URLClassLoader("plugin " + folder.getFileName(), urls, SHARED);
  }

  private static List<Path> jars(Path folder) {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(".jar")).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static URL url(Path jar) {
    try {
      return jar.toUri().toURL();
    } catch (MalformedURLException e) {
      throw new IllegalStateException("every file has a URL: " + jar, e);
    }
  }
}
