package dev.brigade.engine.mlx.binding;

import com.sun.jna.Library;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Platform;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Where MLX's C library is on this machine. */
public final class MlxLibrary {
  /** Names the file of the library. */
  public static final String VARIABLE = "BRIGADE_MLX_LIBRARY";

  private static final List<Path> FOLDERS =
      List.of(Path.of("/opt/homebrew/lib"), Path.of("/usr/local/lib"));

  private MlxLibrary() {}

  /**
   * The library's file: the configured one, else the one that {@value #VARIABLE} names, else where
   * Homebrew puts it; empty if that is no file.
   */
  public static Optional<Path> find(Optional<String> configured) {
    Optional<String> named = configured.or(MlxLibrary::fromEnvironment);
    if (named.isPresent()) {
      return named.map(Path::of).filter(Files::isRegularFile);
    }
    String name = System.mapLibraryName("mlxc");
    return FOLDERS.stream().map(folder -> folder.resolve(name)).filter(Files::exists).findFirst();
  }

  /** Why there is none and what to do about it; empty if there is one. Loads nothing. */
  public static Optional<String> problem(Optional<String> configured) {
    if (find(configured).isPresent()) {
      return Optional.empty();
    }
    if (configured.isPresent()) {
      return Optional.of(
          "library: "
              + configured.get()
              + " is no file; want the path of libmlxc, MLX's C library");
    }
    if (fromEnvironment().isPresent()) {
      return Optional.of(
          VARIABLE
              + " is "
              + fromEnvironment().get()
              + ", which is no file; want the path of libmlxc, MLX's C library");
    }
    return Optional.of(
        "MLX's C library is not installed: on a Mac, brew install mlx-c; elsewhere build it from"
            + " github.com/ml-explore/mlx-c and set "
            + VARIABLE
            + " to its libmlxc");
  }

  private static Optional<String> fromEnvironment() {
    return Optional.ofNullable(System.getenv(VARIABLE)).filter(text -> !text.isBlank());
  }

  /** Opens the file with its symbols to itself, so that other libraries keep their own. */
  static NativeLibrary open(Path file) {
    // RTLD_NOW | RTLD_LOCAL; on a Mac the latter is a flag of its own.
    int flags = Platform.isMac() ? 2 | 4 : 2;
    try {
      return NativeLibrary.getInstance(
          file.toAbsolutePath().toString(), Map.of(Library.OPTION_OPEN_FLAGS, flags));
    } catch (UnsatisfiedLinkError e) {
      throw new IllegalArgumentException(
          file + " cannot be loaded as MLX's C library: " + e.getMessage(), e);
    }
  }
}
