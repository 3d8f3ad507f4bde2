package dev.brigade.engine.ggml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.brigade.engine.ggml.binding.GgmlRuntime;
import dev.brigade.engine.ggml.binding.LibraryFiles;
import dev.brigade.engine.ggml.binding.LibrarySource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GgmlLibraryTest {
  @TempDir private Path folder;

  private GgmlRuntime runtime() {
    return GgmlRuntime.open(LibrarySource.find(Optional.empty(), folder));
  }

  @Test
  void theOneThatComesAlongHasTheOlderInterface() {
    assumeTrue(
        System.getenv(LibrarySource.VARIABLE) == null,
        LibrarySource.VARIABLE + " names another library, which is tested instead");
    assertThat(new GgmlEngineProvider().unavailable()).isEmpty();
    assertThat(runtime().isCurrent()).isFalse();
  }

  @Test
  void anInstalledOneHasTheCurrentInterface() {
    assumeTrue(
        System.getenv(LibrarySource.VARIABLE) != null,
        LibrarySource.VARIABLE + " names no installed ggml: its interface is not tested");
    assertThat(runtime().isCurrent()).isTrue();
    assertThat(runtime().version()).matches("\\d+\\.\\d+\\.\\d+.*");
  }

  @Test
  void aSecondLibraryIsRefused() throws IOException {
    runtime();
    Path other = Files.writeString(folder.resolve("libggml-other.so"), "none");
    assertThatThrownBy(() -> GgmlRuntime.open(LibraryFiles.at(other)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("libggml-other.so")
        .hasMessageContaining("one process can use one ggml only");
  }

  @Test
  void aFolderWithoutLibrariesIsRefusedByName() {
    assertThatThrownBy(() -> LibraryFiles.at(folder))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(folder.toString())
        .hasMessageContaining("ggml-base");
  }

  @Test
  void aFolderOfSeparateLibrariesIsFoundByItsNames() throws IOException {
    Path operations = Files.createFile(folder.resolve("libggml-base.so.0.9"));
    Path registry = Files.createFile(folder.resolve("libggml.v0.5.0.so"));
    Files.createFile(folder.resolve("libggml-cpu-zen4.so"));
    LibraryFiles found = new LibraryFiles(operations, registry, Optional.of(folder));
    assertThat(LibraryFiles.at(folder)).isEqualTo(found);
    assertThat(LibraryFiles.at(registry)).isEqualTo(found);
  }

  @Test
  void aLibraryOfTheConfigIsLookedAtBeforeTheEngineIsMade() {
    GgmlEngineConfig config =
        new GgmlEngineConfig(
            Optional.empty(),
            Optional.of(folder.toString()),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());
    assertThat(new GgmlEngineProvider().unavailable(config))
        .hasValueSatisfying(problem -> assertThat(problem).contains(folder.toString()));
  }
}
