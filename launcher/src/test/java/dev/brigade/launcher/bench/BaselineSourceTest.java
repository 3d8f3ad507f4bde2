package dev.brigade.launcher.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.brigade.launcher.config.KeyPath;
import dev.brigade.launcher.config.PluginSection;
import dev.brigade.model.bench.Baseline;
import dev.brigade.model.bench.BaselineProvider;
import dev.brigade.model.bench.BaselineWork;
import dev.brigade.spi.Host;
import dev.brigade.spi.Progress;
import dev.brigade.spi.engine.EngineException;
import dev.brigade.spi.engine.ModelRef;
import dev.brigade.spi.engine.Precision;
import dev.brigade.spi.engine.Tensor;
import dev.brigade.testkit.TestHost;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BaselineSourceTest {
  private static final BenchSettings SETTINGS = new BenchSettings(8, 4, 1, 1, true);

  @TempDir Path temp;

  /** The baseline of an engine that nobody here knows. */
  public static final class Foreign implements BaselineProvider<Foreign.Config> {
    public record Config(Optional<Integer> threads) {}

    @Override
    public String engine() {
      return "foreign";
    }

    @Override
    public String description() {
      return "foreign work by hand, " + Precision.F32;
    }

    @Override
    public Class<Config> configType() {
      return Config.class;
    }

    @Override
    public Baseline start(Config config, Host host, BaselineWork work, Consumer<Progress> progress)
        throws EngineException {
      if (!work.precision().equals(Precision.F32)) {
        throw new EngineException.Unsupported("only in f32, with " + config.threads().get());
      }
      return new Baseline() {
        @Override
        public void append(int[] ids, int start, Tensor logits) {}

        @Override
        public void close() {}
      };
    }
  }

  @Test
  void aPluginsOwnBaselineIsFoundInItsLoader() throws Exception {
    try (BaselineSource.Found found = start("foreign", Precision.F32, Foreign.class.getName())) {
      assertThat(found.baseline()).isPresent();
      assertThat(found.description()).isEqualTo("foreign work by hand, f32");
      assertThat(found.reason()).isEmpty();
    }
  }

  @Test
  void itIsGivenTheEnginesSettingsAndMayDecline() throws Exception {
    try (BaselineSource.Found found = start("foreign", Precision.BF16, Foreign.class.getName())) {
      assertThat(found.baseline()).isEmpty();
      assertThat(found.reason()).contains("only in f32, with 3");
    }
  }

  @Test
  void anEngineOfAnotherNameHasNone() throws Exception {
    try (BaselineSource.Found found = start("other", Precision.F32, Foreign.class.getName())) {
      assertThat(found.reason()).contains("the engine's plugin brings no baseline");
    }
  }

  @Test
  void aBrokenOneIsToldAndStopsNothing() throws Exception {
    try (BaselineSource.Found found = start("foreign", Precision.F32, "no.such.Baseline")) {
      assertThat(found.baseline()).isEmpty();
      assertThat(found.reason().orElseThrow()).contains("broken", "no.such.Baseline");
    }
  }

  @Test
  void whatDoesNotFitTwiceIsNotLoadedTwice() throws Exception {
    try (BaselineSource.Found found =
        start("foreign", Precision.F32, Foreign.class.getName(), Long.MAX_VALUE)) {
      assertThat(found.baseline()).isEmpty();
      assertThat(found.reason().orElseThrow()).contains("once more", "are free");
    }
  }

  private BaselineSource.Found start(String engine, Precision precision, String provider)
      throws Exception {
    return start(engine, precision, provider, 1);
  }

  private BaselineSource.Found start(
      String engine, Precision precision, String provider, long weightBytes) throws Exception {
    Path services = Files.createDirectories(temp.resolve("META-INF/services"));
    Files.writeString(services.resolve(BaselineProvider.class.getName()), provider);
    PluginSection plain = PluginSection.of(engine, KeyPath.ROOT);
    PluginSection section =
        new PluginSection(
            engine, plain.settings().deepCopy().put("threads", 3), plain.path(), plain.file());
    BenchModel model = new BenchModel(temp, new ModelRef("foreign", "00000000"), 1, 8, 8, 64, 1);
    try (URLClassLoader loader =
            new URLClassLoader(new URL[] {temp.toUri().toURL()}, getClass().getClassLoader());
        TestHost host = TestHost.create()) {
      return BaselineSource.of(loader, section, host)
          .start(precision, model, SETTINGS, weightBytes, step -> {});
    }
  }
}
