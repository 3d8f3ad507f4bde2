package dev.brigade.launcher.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.brigade.launcher.plugins.PluginJar;
import dev.brigade.model.bench.NamedShape;
import dev.brigade.model.bench.RandomModel;
import dev.brigade.spi.engine.DType;
import dev.brigade.spi.engine.InferenceEngineProvider;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Engines in processes of their own. */
class TrialProcessTest {
  private static final Duration LONG = Duration.ofMinutes(3);
  private static final String PROVIDER =
      """
      package org.example;

      public final class Crasher
          implements dev.brigade.spi.engine.InferenceEngineProvider<Crasher.Config> {
        public record Config() {}
        public String name() { return "crasher"; }
        public Class<Config> configType() { return Config.class; }
        public dev.brigade.spi.engine.InferenceEngine create(
            Config config, dev.brigade.spi.Host host) {
          Runtime.getRuntime().halt(139);
          return null;
        }
      }
      """;

  @TempDir Path temp;

  @Test
  void anEngineThatRunsTellsItsFigures() throws Exception {
    Path model = new RandomModel(NamedShape.TINY, DType.F32, 1).in(temp, progress -> {});
    assertThat(new TrialProcess(List.of()).run("reference", none(), model, LONG))
        .isInstanceOfSatisfying(
            EngineTrial.Ran.class,
            ran -> {
              assertThat(ran.engine()).isEqualTo("reference");
              assertThat(ran.precision()).isEqualTo("f32");
              assertThat(ran.onGpu()).isFalse();
              assertThat(ran.seconds()).isPositive();
            });
  }

  @Test
  void anEngineThatFailsTellsWhy() {
    assertThat(new TrialProcess(List.of()).run("reference", none(), temp, LONG))
        .isInstanceOfSatisfying(
            EngineTrial.Failed.class,
            failed -> assertThat(failed.reason()).contains("config.json"));
  }

  @Test
  void settingsThatDoNotFitAreAReason() throws Exception {
    Path model = new RandomModel(NamedShape.TINY, DType.F32, 1).in(temp, progress -> {});
    assertThat(new TrialProcess(List.of()).run("reference", none().put("thread", 4), model, LONG))
        .isInstanceOfSatisfying(
            EngineTrial.Failed.class, failed -> assertThat(failed.reason()).contains("thread"));
  }

  @Test
  void anEngineThatBringsItsProcessDownTakesNobodyWithIt() throws Exception {
    Path plugins = temp.resolve("plugins");
    new PluginJar()
        .source("org.example.Crasher", PROVIDER)
        .service(InferenceEngineProvider.class, "org.example.Crasher")
        .write(plugins.resolve("crasher").resolve("plugin.jar"));
    Path model = new RandomModel(NamedShape.TINY, DType.F32, 1).in(temp, progress -> {});
    assertThat(new TrialProcess(List.of(plugins)).run("crasher", none(), model, LONG))
        .isEqualTo(new EngineTrial.Failed("crasher", "its process ended with status 139"));
  }

  @Test
  void anEngineThatTakesTooLongIsPassedOver() {
    assertThat(new TrialProcess(List.of()).run("reference", none(), temp, Duration.ofMillis(1)))
        .isEqualTo(new EngineTrial.Failed("reference", "no answer within 0 seconds"));
  }

  private static ObjectNode none() {
    return JsonNodeFactory.instance.objectNode();
  }
}
