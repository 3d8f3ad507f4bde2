package dev.brigade.engine.ggml.binding;

import com.sun.jna.Platform;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;

/** The library that a Maven dependency, {@code de.kherud:llama}, brings along as a resource. */
final class BundledLibrary {
  private BundledLibrary() {}

  /** Where this machine's library is on the class path; empty if there is none that can be used. */
  static Optional<URL> resource() {
    // The one for Windows exports only what Java classes of its own call.
    if (Platform.isWindows()) {
      return Optional.empty();
    }
    String system = Platform.isMac() ? "Mac" : "Linux";
    String processor =
        switch (Platform.ARCH) {
          case "x86-64" -> "x86_64";
          case "aarch64" -> "aarch64";
          default -> Platform.ARCH;
        };
    String name = "/de/kherud/llama/%s/%s/%s";
    return Optional.ofNullable(
        BundledLibrary.class.getResource(
            name.formatted(system, processor, System.mapLibraryName("jllama"))));
  }

  /** Copies it to where the system can load it from, unless it is there already. */
  static Path extract(URL resource, Path cache) {
    try {
      Path folder = cache.resolve("ggml");
      Files.createDirectories(folder);
      byte[] bytes;
      try (InputStream in = resource.openStream()) {
        bytes = in.readAllBytes();
      }
      Path target =
          folder.resolve(
              "%08x-%s".formatted(java.util.Arrays.hashCode(bytes), System.mapLibraryName("ggml")));
      if (!Files.exists(target) || Files.size(target) != bytes.length) {
        // Other nodes may do the same at this moment: each writes its own, and moves it in place.
        Path own = Files.createTempFile(folder, "ggml", ".part");
        try {
          Files.write(own, bytes);
          Files.move(
              own, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
          Files.deleteIfExists(own);
        }
      }
      return target;
    } catch (IOException e) {
      throw new UncheckedIOException("ggml's library cannot be written to " + cache, e);
    }
  }
}
