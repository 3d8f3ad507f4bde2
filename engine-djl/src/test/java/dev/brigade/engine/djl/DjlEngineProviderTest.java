package dev.brigade.engine.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.brigade.spi.engine.EngineException;
import dev.brigade.spi.engine.InferenceEngineProvider;
import dev.brigade.testkit.TestHost;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;

class DjlEngineProviderTest {

  @Test
  void theServiceLoaderFindsIt() {
    assertThat(ServiceLoader.load(InferenceEngineProvider.class))
        .anySatisfy(provider -> assertThat(provider).isInstanceOf(DjlEngineProvider.class));
  }

  @Test
  void itIsAvailableWhereTheBuildBroughtALibrary() {
    assertThat(new DjlEngineProvider().unavailable()).isEmpty();
  }

  @Test
  void aPlatformWithoutLibraryIsToldWhatToAdd() {
    assertThat(NativeLibrary.problem("linux-riscv64", List.of("linux-x86_64")).orElseThrow())
        .contains("no PyTorch library for linux-riscv64", "linux-x86_64", "PYTORCH_LIBRARY_PATH");
    assertThat(NativeLibrary.problem("linux-riscv64", List.of("linux-riscv64"))).isEmpty();
  }

  @Test
  void aLibraryPathWithoutLibraryIsNamed() {
    assertThat(NativeLibrary.problem("/nowhere/at/all").orElseThrow())
        .contains("/nowhere/at/all", "PYTORCH_LIBRARY_PATH");
  }

  @Test
  void wrongSettingsAreRefusedWithKeyAndValue() {
    assertThatThrownBy(
            () -> new DjlEngineConfig(Optional.empty(), Optional.of(0), Optional.empty()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("threads 0");
    try (TestHost host = TestHost.create()) {
      for (String device : List.of("tpu", "cuda:99")) {
        DjlEngineConfig config =
            new DjlEngineConfig(Optional.of(device), Optional.empty(), Optional.empty());
        assertThatThrownBy(() -> new DjlEngineProvider().create(config, host))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessageContaining("device '" + device + "'");
      }
    }
  }

  @Test
  void twoEnginesAreIndependent() {
    try (TestEngine first = new TestEngine();
        TestEngine second = new TestEngine()) {
      first.engine().close();
      assertThat(second.engine().profile().engine()).isEqualTo("djl");
    }
  }

  @Test
  void pyTorchsReportsAreCutToTheSentence() {
    EngineException.DeviceFailure failure =
        TorchFailure.of(
            new ai.djl.engine.EngineException(
                "The following operation failed in the TorchScript interpreter.\n"
                    + "Traceback of TorchScript, serialized code (most recent call last):\n"
                    + "  File \"code/__torch__.py\", line 7, in run\n"
                    + "RuntimeError: mat1 and mat2 shapes cannot be multiplied\n"));
    assertThat(failure).hasMessage("PyTorch: mat1 and mat2 shapes cannot be multiplied");
  }
}
