package dev.brigade.testkit.golden;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Folders of files that vanish with this process. */
final class TemporaryFolder {
  private TemporaryFolder() {}

  /** A folder of resources beside a class; copied out if they are in a jar. */
  static Path ofResources(Class<?> owner, String name) {
    URL config = owner.getResource(name + "/config.json");
    if (config == null) {
      throw new IllegalArgumentException("there is no golden model '" + name + "'");
    }
    try {
      URI uri = config.toURI();
      if (uri.getScheme().equals("file")) {
        return Path.of(uri).getParent();
      }
      try (FileSystem jar = FileSystems.newFileSystem(uri, Map.of())) {
        return copyOf(jar.provider().getPath(uri).getParent());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A copy of a folder's files. */
  static Path copyOf(Path folder) {
    try (Stream<Path> entries = Files.list(folder)) {
      List<Path> files = entries.toList();
      Path copy = Files.createTempDirectory("brigade-golden");
      copy.toFile().deleteOnExit();
      for (Path file : files) {
        Path target = copy.resolve(file.getFileName().toString());
        Files.copy(file, target);
        target.toFile().deleteOnExit();
      }
      return copy;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static void replace(Path target, Path source) {
    try {
      Files.copy(source, target, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
