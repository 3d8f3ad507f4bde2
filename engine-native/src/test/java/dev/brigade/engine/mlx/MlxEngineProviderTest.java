package dev.brigade.engine.mlx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.brigade.engine.mlx.binding.MlxLibrary;
import dev.brigade.spi.engine.InferenceEngineProvider;
import dev.brigade.testkit.TestHost;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MlxEngineProviderTest {

  @Test
  void theServiceLoaderFindsIt() {
    assertThat(ServiceLoader.load(InferenceEngineProvider.class))
        .anySatisfy(provider -> assertThat(provider).isInstanceOf(MlxEngineProvider.class));
  }

  @Test
  void whereThereIsNoLibraryItSaysHowToGetOne() {
    new MlxEngineProvider()
        .unavailable()
        .ifPresent(reason -> assertThat(reason).contains("BRIGADE_MLX_LIBRARY"));
  }

  @Test
  void aConfiguredLibraryThatIsNotThereIsNamed() {
    MlxEngineConfig config =
        new MlxEngineConfig(
            Optional.of("/nowhere/libmlxc.so"),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());
    assertRefused(config, "library: /nowhere/libmlxc.so is no file");
  }

  @Test
  void aConfiguredLibraryIsFound(@TempDir Path folder) throws Exception {
    Path file = Files.createFile(folder.resolve("libmlxc.so"));
    assertThat(MlxLibrary.find(Optional.of(file.toString()))).contains(file);
    assertThat(MlxLibrary.problem(Optional.of(file.toString()))).isEmpty();
  }

  @Test
  void wrongSettingsAreRefusedWithKeyAndValue() {
    assertThatThrownBy(
            () ->
                new MlxEngineConfig(
                    Optional.empty(), Optional.of("tpu"), Optional.empty(), Optional.empty()))
        .hasMessage("device 'tpu': want auto, cpu or gpu");
    assertThatThrownBy(() -> TestConfigs.cpuWithMemory(0))
        .hasMessage("memory-bytes 0: want at least 1");
  }

  private static void assertRefused(MlxEngineConfig config, String message) {
    try (TestHost host = TestHost.create()) {
      assertThatThrownBy(() -> new MlxEngineProvider().create(config, host))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining(message);
    }
  }
}
