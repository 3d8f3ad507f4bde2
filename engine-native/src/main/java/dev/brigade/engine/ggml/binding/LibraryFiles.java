package dev.brigade.engine.ggml.binding;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.CRC32;

/**
 * The files of one build of ggml. Older builds are one library; newer ones keep operations, the
 * list of devices and the devices apart.
 *
 * @param operations has what {@link Ggml} maps
 * @param registry has what {@link GgmlRegistry} maps
 * @param devices folder of further libraries, one per device or kind of processor
 */
public record LibraryFiles(Path operations, Path registry, Optional<Path> devices) {
  private static final String SUFFIX = "([.-]?v?[0-9.]+)?\\.(so|dylib|dll)([.0-9]*)";
  private static final Pattern OPERATIONS = Pattern.compile("(lib)?ggml-base" + SUFFIX);
  private static final Pattern REGISTRY = Pattern.compile("(lib)?ggml" + SUFFIX);

  /** A library that has everything. */
  static LibraryFiles single(Path file) {
    return new LibraryFiles(file, file, Optional.empty());
  }

  /** Equal for copies of the same build, wherever they are. */
  long checksum() {
    CRC32 checksum = new CRC32();
    try {
      checksum.update(Files.readAllBytes(operations));
    } catch (IOException e) {
      throw new IllegalArgumentException("library '" + operations + "' cannot be read", e);
    }
    return checksum.getValue();
  }

  /**
   * The build in a folder, or the one that a file belongs to.
   *
   * @throws IllegalArgumentException if there is none; says what was looked for
   */
  public static LibraryFiles at(Path place) {
    Path absolute = place.toAbsolutePath().normalize();
    if (Files.isRegularFile(absolute)) {
      return in(absolute.getParent()).orElse(single(absolute));
    }
    if (!Files.isDirectory(absolute)) {
      throw new IllegalArgumentException("library '" + place + "' is neither a file nor a folder");
    }
    return in(absolute)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    ("library '%s': the folder has no %s and %s;"
                            + " want the folder with the libraries of llama.cpp or ggml")
                        .formatted(
                            place,
                            System.mapLibraryName("ggml-base"),
                            System.mapLibraryName("ggml"))));
  }

  /** The build of separate libraries in a folder, if there is one. */
  static Optional<LibraryFiles> in(Path folder) {
    if (!Files.isDirectory(folder)) {
      return Optional.empty();
    }
    try (Stream<Path> listed = Files.list(folder)) {
      List<Path> files = listed.sorted().toList();
      Optional<Path> operations = first(files, OPERATIONS);
      Optional<Path> registry = first(files, REGISTRY);
      return operations.isPresent() && registry.isPresent()
          ? Optional.of(new LibraryFiles(operations.get(), registry.get(), Optional.of(folder)))
          : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static Optional<Path> first(List<Path> files, Pattern name) {
    return files.stream()
        .filter(file -> name.matcher(file.getFileName().toString()).matches())
        .findFirst();
  }
}
