package dev.brigade.engine.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.brigade.spi.engine.InferenceEngineProvider;
import dev.brigade.testkit.TestHost;
import java.util.Optional;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OnnxEngineProviderTest {

  @Test
  void isFoundAmongTheEngines() {
    assertThat(ServiceLoader.load(InferenceEngineProvider.class))
        .anyMatch(provider -> provider.name().equals("onnx"));
  }

  @Test
  void saysWhatIsMissingWhereThereIsNoLibrary() {
    assertThat(NativeLibrary.problem("plan9-mips", Optional.empty()))
        .hasValueSatisfying(
            why -> assertThat(why).contains("plan9-mips").contains("onnxruntime.native.path"));
    assertThat(NativeLibrary.problem("linux-x64", Optional.of("/nowhere")))
        .hasValueSatisfying(why -> assertThat(why).contains("/nowhere"));
  }

  @ParameterizedTest
  @CsvSource({
    "Linux,amd64,linux-x64",
    "Linux,aarch64,linux-aarch64",
    "Mac OS X,aarch64,osx-aarch64",
    "Windows 11,amd64,win-x64"
  })
  void knowsPlatformsByTheNamesInTheJar(String os, String arch, String platform) {
    assertThat(NativeLibrary.platform(os, arch)).isEqualTo(platform);
  }

  @Test
  void aProviderThatIsNotInstalledIsRefusedWithThoseThatAre() {
    try (TestHost host = TestHost.create()) {
      assertThatThrownBy(() -> new OnnxEngineProvider().create(on("qnn"), host))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("provider 'qnn'")
          .hasMessageContaining("cpu");
    }
  }

  @Test
  void aProviderThatNobodyKnowsIsRefusedWithThoseThatAreKnown() {
    try (TestHost host = TestHost.create()) {
      assertThatThrownBy(() -> new OnnxEngineProvider().create(on("abacus"), host))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("abacus")
          .hasMessageContaining("openvino");
    }
  }

  @Test
  void settingsOutOfRangeAreRefusedByTheirKeys() {
    assertThatThrownBy(
            () ->
                new OnnxEngineConfig(
                    Optional.empty(),
                    Optional.of(0),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("threads 0");
  }

  private static OnnxEngineConfig on(String provider) {
    return new OnnxEngineConfig(
        Optional.of(provider),
        Optional.of(1),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }
}
