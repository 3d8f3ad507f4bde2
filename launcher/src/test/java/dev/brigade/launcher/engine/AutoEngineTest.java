package dev.brigade.launcher.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.brigade.launcher.config.KeyPath;
import dev.brigade.launcher.config.PluginSection;
import dev.brigade.launcher.plugins.PluginCatalog;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AutoEngineTest {
  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
  private static final PluginSection AUTO = PluginSection.of("auto", KeyPath.ROOT.key("engine"));

  @TempDir Path folder;
  private final PluginCatalog plugins = PluginCatalog.scan(List.of(), problem -> {});
  private final List<String> tried = new ArrayList<>();
  private final List<String> news = new ArrayList<>();
  private List<String> failing = List.of();

  @Test
  void everyEngineIsTriedOnceAndTheOutcomeKept() throws Exception {
    String first = auto(NOON).section(AUTO).type();
    assertThat(tried).isEqualTo(plugins.engines()).hasSizeGreaterThan(1);
    assertThat(first).isEqualTo(plugins.engines().get(0));
    assertThat(news).hasSize(1);

    assertThat(auto(NOON.plus(Duration.ofDays(100))).section(AUTO).type()).isEqualTo(first);
    assertThat(tried).hasSameSizeAs(plugins.engines());
    assertThat(news).hasSize(1);
    try (Stream<Path> left = Files.list(folder)) {
      assertThat(left).singleElement().asString().endsWith(".json");
    }
  }

  @Test
  void settingsAreAnotherMachineSoToSay() throws Exception {
    auto(NOON).section(AUTO);
    PluginSection other =
        new PluginSection(
            "auto",
            JsonNodeFactory.instance.objectNode().put("threads", 1),
            AUTO.path(),
            AUTO.file());
    PluginSection chosen = auto(NOON).section(other);
    assertThat(tried).hasSize(2 * plugins.engines().size());
    assertThat(chosen.settings()).isEqualTo(other.settings());
  }

  @Test
  void whatFailedIsPassedOverAndTriedAgainAfterADay() throws Exception {
    List<String> engines = plugins.engines();
    failing = engines.subList(0, 1);
    assertThat(auto(NOON).section(AUTO).type()).isEqualTo(engines.get(1));
    assertThat(auto(NOON.plus(Duration.ofHours(23))).section(AUTO).type())
        .isEqualTo(engines.get(1));
    failing = List.of();
    assertThat(auto(NOON.plus(Duration.ofHours(25))).section(AUTO).type())
        .isEqualTo(engines.get(0));
    assertThat(tried).hasSize(2 * engines.size());
  }

  @Test
  void whereNothingPassesTheFirstChoiceIsTakenAllTheSame() throws Exception {
    failing = plugins.engines();
    EngineChoice choice = auto(NOON).choose(AUTO);
    assertThat(choice.engine()).isEqualTo(plugins.engines().get(0));
    assertThat(choice.reason()).contains("untried", "broken");
  }

  @Test
  void aGarbledFileIsMadeAnew() throws Exception {
    auto(NOON).section(AUTO);
    try (Stream<Path> files = Files.list(folder)) {
      Files.writeString(files.findFirst().orElseThrow(), "{\"trials\": [{}]}");
    }
    auto(NOON).section(AUTO);
    auto(NOON).section(AUTO);
    assertThat(tried).hasSize(2 * plugins.engines().size());
  }

  @Test
  void anEngineThatIsNamedIsNotTried() throws Exception {
    PluginSection named = PluginSection.of("onnx", AUTO.path());
    assertThat(auto(NOON).section(named)).isEqualTo(named);
    assertThat(tried).isEmpty();
  }

  private AutoEngine auto(Instant now) {
    EngineTrials trials =
        (engine, settings, model, deadline) -> {
          tried.add(engine);
          assertThat(model.resolve("config.json")).exists();
          return failing.contains(engine)
              ? new EngineTrial.Failed(engine, "broken")
              : new EngineTrial.Ran(engine, "", "cpu", "bf16", 100, 10);
        };
    return new AutoEngine(plugins, folder, Clock.fixed(now, ZoneOffset.UTC), trials, news::add);
  }
}
