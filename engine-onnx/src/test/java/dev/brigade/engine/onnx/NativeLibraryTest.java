package dev.brigade.engine.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NativeLibraryTest {
  @TempDir Path folder;

  @Test
  void aCommandLineThatWouldCrashTheRuntimeIsRefusedWithAWayOut() throws IOException {
    Path longOne = Files.writeString(folder.resolve("long"), "x".repeat(5000));
    assertThat(NativeLibrary.commandLineProblem(longOne))
        .hasValueSatisfying(
            problem -> assertThat(problem).contains("5000 bytes").contains("CLASSPATH"));
    Path shortOne = Files.writeString(folder.resolve("short"), "java Main");
    assertThat(NativeLibrary.commandLineProblem(shortOne)).isEmpty();
    assertThat(NativeLibrary.commandLineProblem(folder.resolve("none"))).isEmpty();
  }

  @Test
  void aPlatformWithoutALibraryIsNamed() {
    assertThat(NativeLibrary.problem("linux-riscv64", Optional.empty()))
        .hasValueSatisfying(problem -> assertThat(problem).contains("linux-riscv64"));
    assertThat(NativeLibrary.platform("Mac OS X", "aarch64")).isEqualTo("osx-aarch64");
    assertThat(NativeLibrary.platform("Windows 11", "amd64")).isEqualTo("win-x64");
  }
}
