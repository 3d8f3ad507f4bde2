package dev.brigade.launcher.plugins;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.brigade.launcher.config.KeyPath;
import dev.brigade.launcher.config.PluginSection;
import dev.brigade.spi.partition.PartitionStrategy;
import dev.brigade.spi.partition.PartitionStrategyProvider;
import dev.brigade.spi.partition.PlanOutcome;
import dev.brigade.testkit.TestHost;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PluginCatalogTest {
  private static final String STRATEGY =
      """
      package org.example;

      import dev.brigade.spi.Host;
      import dev.brigade.spi.partition.*;
      import java.util.*;

      public final class Stubborn implements PartitionStrategyProvider<Stubborn.Config> {
        public record Config(Optional<String> answer) {
          public Config {
            if (answer.filter("perhaps"::equals).isPresent()) {
              throw new IllegalArgumentException("answer is perhaps, be clear");
            }
          }
        }
        public String name() { return "NAME"; }
        public Class<Config> configType() { return Config.class; }
        public PartitionStrategy create(Config config, Host host) {
          return request -> new PlanOutcome.Refused(List.of(config.answer().orElse("no")), Map.of());
        }
      }
      """;

  @TempDir Path temp;
  final List<String> problems = new ArrayList<>();

  @Test
  void aJarInAPluginFolderIsFoundAndMade() throws Exception {
    stubborn("stubborn").version("1.2.3").write(jar("stubborn"));

    PluginCatalog catalog = scan();

    FoundPlugin found = only(catalog, "stubborn");
    assertThat(found.kind()).isEqualTo(PluginKind.PARTITION);
    assertThat(found.version()).contains("1.2.3");
    assertThat(found.source()).contains(jar("stubborn").toRealPath());
    assertThat(found.available()).isTrue();
    try (TestHost host = TestHost.create()) {
      PartitionStrategy strategy =
          catalog.partition(section("stubborn", "{\"answer\": \"never\"}"), host);
      PlanOutcome outcome = strategy.plan(null);
      assertThat(((PlanOutcome.Refused) outcome).missing()).containsExactly("never");
    }
  }

  @Test
  void aPluginsOwnKeysAreCheckedLikeAllOthers() throws Exception {
    stubborn("stubborn").write(jar("stubborn"));
    PluginCatalog catalog = scan();
    try (TestHost host = TestHost.create()) {
      assertThatThrownBy(() -> catalog.partition(section("stubborn", "{\"anwser\": \"x\"}"), host))
          .hasMessage(
              "brigade.yaml: unknown key 'partition.anwser'; the nearest known key is"
                  + " 'partition.answer'");
      assertThatThrownBy(
              () -> catalog.partition(section("stubborn", "{\"answer\": \"perhaps\"}"), host))
          .hasMessage("brigade.yaml: partition: answer is perhaps, be clear");
    }
  }

  @Test
  void anUnknownTypeIsToldWithWhatThereIs() throws Exception {
    stubborn("stubborn").write(jar("stubborn"));
    PluginCatalog catalog = scan();
    try (TestHost host = TestHost.create()) {
      assertThatThrownBy(() -> catalog.partition(section("stuborn", "{}"), host))
          .hasMessageStartingWith(
              "brigade.yaml: partition.type is 'stuborn', but there is no such partition; known:")
          .hasMessageEndingWith("the nearest is 'stubborn'");
    }
  }

  @Test
  void settingsMayMakeAPluginUsable() throws Exception {
    String needy =
        """
            public Optional<String> unavailable() { return Optional.of("no library is found"); }
            public Optional<String> unavailable(Config config) {
              return config.answer().isPresent() ? Optional.empty() : unavailable();
            }
            public Class<Config> configType()\
        """;
    new PluginJar()
        .source(
            "org.example.Stubborn",
            STRATEGY
                .replace("NAME", "needy")
                .replace("public Class<Config> configType()", needy.strip()))
        .service(PartitionStrategyProvider.class, "org.example.Stubborn")
        .write(jar("needy"));
    PluginCatalog catalog = scan();
    assertThat(only(catalog, "needy").unavailable()).contains("no library is found");
    try (TestHost host = TestHost.create()) {
      assertThatThrownBy(() -> catalog.partition(section("needy", "{}"), host))
          .hasMessage(
              "brigade.yaml: partition.type is 'needy', which cannot be used here: no library is"
                  + " found");
      PartitionStrategy strategy =
          catalog.partition(section("needy", "{\"answer\": \"here\"}"), host);
      assertThat(((PlanOutcome.Refused) strategy.plan(null)).missing()).containsExactly("here");
    }
  }

  @Test
  void aPluginSeesTheSpiTheModelAndItsOwnJarsOnly() throws Exception {
    stubborn("stubborn").write(jar("stubborn"));
    scan();

    ClassLoader loader = PluginFolder.loader(jar("stubborn").getParent());

    assertThat(loader.loadClass("dev.brigade.spi.Provider"))
        .isSameAs(dev.brigade.spi.Provider.class);
    assertThat(loader.loadClass("dev.brigade.model.decoder.TensorOps"))
        .isSameAs(dev.brigade.model.decoder.TensorOps.class);
    assertThat(loader.loadClass("java.sql.Driver")).isSameAs(java.sql.Driver.class);
    for (String hidden :
        List.of(
            "dev.brigade.cluster.InferenceService",
            "dev.brigade.launcher.plugins.PluginCatalog",
            "com.fasterxml.jackson.databind.ObjectMapper")) {
      assertThatThrownBy(() -> loader.loadClass(hidden)).isInstanceOf(ClassNotFoundException.class);
    }
    assertThat(PluginFolder.loader(jar("stubborn").getParent())).isSameAs(loader);
  }

  @Test
  void twoPluginsMayBringTheSameClassEachWithItsOwn() throws Exception {
    stubborn("one").write(jar("one"));
    stubborn("two").write(jar("two"));

    PluginCatalog catalog = scan();

    assertThat(only(catalog, "one").provider().orElseThrow().getClass().getName())
        .isEqualTo(only(catalog, "two").provider().orElseThrow().getClass().getName());
    assertThat(only(catalog, "one").provider().orElseThrow().getClass())
        .isNotSameAs(only(catalog, "two").provider().orElseThrow().getClass());
  }

  @Test
  void brokenPluginsSayWhyAndStopNobody() throws Exception {
    new PluginJar()
        .service(PartitionStrategyProvider.class, "org.example.Gone")
        .write(jar("a-missing"));
    new PluginJar()
        .source(
            "org.example.Stubborn",
            STRATEGY.replace("return \"NAME\"", "throw new IllegalStateException(\"ouch\")"))
        .service(PartitionStrategyProvider.class, "org.example.Stubborn")
        .write(jar("b-throws"));
    Files.createDirectories(temp.resolve("plugins/c-garbage"));
    Files.writeString(temp.resolve("plugins/c-garbage/plugin.jar"), "no jar at all");
    stubborn("stubborn").write(jar("d-good"));

    PluginCatalog catalog = scan();

    assertThat(only(catalog, "stubborn").available()).isTrue();
    assertThat(catalog.all())
        .filteredOn(plugin -> plugin.source().filter(path -> path.startsWith(temp)).isPresent())
        .filteredOn(plugin -> !plugin.available())
        .extracting(plugin -> plugin.unavailable().orElseThrow())
        .hasSize(2)
        .anyMatch(reason -> reason.contains("org.example.Gone"))
        .anyMatch(reason -> reason.contains("ouch"))
        .allMatch(reason -> reason.lines().count() == 1);
    assertThat(problems).singleElement().asString().contains("c-garbage has no plugin");
  }

  @Test
  void ofTwoWithOneNameTheFirstCounts() throws Exception {
    stubborn("same").write(jar("a"));
    stubborn("same").write(jar("b"));

    List<FoundPlugin> found =
        scan().all().stream().filter(plugin -> plugin.name().equals("same")).toList();

    assertThat(found).extracting(FoundPlugin::available).containsExactly(true, false);
    assertThat(found.get(1).unavailable().orElseThrow())
        .isEqualTo("its name is taken by " + jar("a").toRealPath() + "; remove one of the two");
  }

  @Test
  void aMissingPluginFolderIsOneLine() {
    PluginCatalog.scan(List.of(temp.resolve("nowhere")), problems::add);
    assertThat(problems)
        .containsExactly("the plugin folder " + temp.resolve("nowhere") + " does not exist");
  }

  @Test
  void theEngineMostAtHomeOnADeviceIsPreferred() {
    List<String> engines = List.of("zeta", "onnx", "mlx", "alpha", "djl", "ggml");
    assertThat(EnginePreference.of("Mac OS X", "aarch64", false).order(engines))
        .containsExactly("mlx", "ggml", "djl", "onnx", "alpha", "zeta");
    assertThat(EnginePreference.of("Linux", "amd64", true).order(engines))
        .containsExactly("djl", "ggml", "onnx", "mlx", "alpha", "zeta");
    assertThat(EnginePreference.of("Windows 11", "amd64", false).order(engines))
        .containsExactly("ggml", "onnx", "djl", "mlx", "alpha", "zeta");
  }

  private PluginCatalog scan() {
    return PluginCatalog.scan(List.of(temp.resolve("plugins")), problems::add);
  }

  private Path jar(String folder) {
    return temp.resolve("plugins").resolve(folder).resolve("plugin.jar");
  }

  private static PluginJar stubborn(String name) {
    return new PluginJar()
        .source("org.example.Stubborn", STRATEGY.replace("NAME", name))
        .service(PartitionStrategyProvider.class, "org.example.Stubborn");
  }

  private static FoundPlugin only(PluginCatalog catalog, String name) {
    return catalog.all().stream()
        .filter(plugin -> plugin.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static PluginSection section(String type, String json) throws Exception {
    return new PluginSection(
        type,
        (com.fasterxml.jackson.databind.node.ObjectNode) new ObjectMapper().readTree(json),
        KeyPath.ROOT.key("partition"),
        "brigade.yaml");
  }
}
