package dev.brigade.launcher.plugins;

import java.net.URL;
import java.util.List;

/** The JDK, and of another loader only classes and resources of some packages. */
final class SharedClasses extends ClassLoader {
  private final ClassLoader from;
  private final List<String> packages;

  /**
   * @param packages prefixes of class names, each with its last dot
   */
  SharedClasses(ClassLoader from, List<String> packages) {
    super("shared with plugins", ClassLoader.getPlatformClassLoader());
    this.from = from;
    this.packages = List.copyOf(packages);
  }

  @Override
  protected Class<?> findClass(String name) throws ClassNotFoundException {
    if (shares(name)) {
      return from.loadClass(name);
    }
    throw new ClassNotFoundException(
        name + " is in none of the plugin's own jars, and Brigade shares only its spi and model");
  }

  @Override
  protected URL findResource(String name) {
    return shares(name.replace('/', '.')) ? from.getResource(name) : null;
  }

  private boolean shares(String name) {
    return packages.stream().anyMatch(name::startsWith);
  }
}
