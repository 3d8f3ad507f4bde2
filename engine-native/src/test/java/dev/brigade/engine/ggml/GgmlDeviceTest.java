package dev.brigade.engine.ggml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.brigade.engine.ggml.binding.GgmlDevice;
import dev.brigade.engine.ggml.binding.GgmlRuntime;
import dev.brigade.engine.ggml.binding.LibrarySource;
import dev.brigade.spi.engine.EngineException;
import dev.brigade.spi.engine.InferenceEngine;
import dev.brigade.spi.engine.Precision;
import dev.brigade.testkit.TestHost;
import dev.brigade.testkit.engine.ChainSequence;
import dev.brigade.testkit.engine.ShardChain;
import dev.brigade.testkit.golden.GoldenModel;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where it is computed. */
class GgmlDeviceTest {
  private TestHost host;
  private GgmlRuntime runtime;

  @BeforeEach
  void start() {
    host = TestHost.create();
    runtime = GgmlRuntime.open(LibrarySource.find(Optional.empty(), host.cache()));
  }

  @AfterEach
  void stop() {
    host.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"cpu", "CPU"})
  void aDeviceIsChosenByTheNameOfItsBackend(String name) {
    assertThat(GgmlDevice.choose(runtime.devices(), name)).isSameAs(runtime.cpu());
  }

  @Test
  void withoutAnyOtherAutoIsTheCpu() {
    assertThat(GgmlDevice.choose(List.of(runtime.cpu()), "auto")).isSameAs(runtime.cpu());
  }

  @Test
  void aDeviceThatIsNotThereIsRefusedWithThoseThatAre() {
    assertThatThrownBy(() -> GgmlDevice.choose(List.of(runtime.cpu()), "vulkan"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("device 'vulkan'")
        .hasMessageContaining(runtime.cpu().name())
        .hasMessageContaining("library");
  }

  @ParameterizedTest
  @ValueSource(strings = {"llama", "gemma2", "deepseek_v3", "gpt_oss"})
  void graphsThatAreScheduledOverDevicesComputeTheSame(String name) throws EngineException {
    GoldenModel model = GoldenModel.named(name);
    List<Integer> ids = model.prompts().get(2).ids();
    try (InferenceEngine direct = engine(false);
        InferenceEngine scheduled = engine(true);
        ShardChain one = ShardChain.load(direct, model.folder(), new Precision("q8_0"), 2);
        ShardChain other = ShardChain.load(scheduled, model.folder(), new Precision("q8_0"), 2)) {
      ChainSequence here = one.open(64, 40);
      ChainSequence there = other.open(64, 40);
      assertThat(other.feed(there, ids)).isEqualTo(one.feed(here, ids));
      for (int id : List.of(5, 9, 2)) {
        assertThat(other.feed(there, List.of(id))).isEqualTo(one.feed(here, List.of(id)));
      }
      assertThat(other.shards().get(0).memory().scratch()).isPositive();
    }
  }

  private InferenceEngine engine(boolean scheduled) {
    return new GgmlEngine(runtime, runtime.cpu(), TestConfigs.single(), host, scheduled);
  }
}
