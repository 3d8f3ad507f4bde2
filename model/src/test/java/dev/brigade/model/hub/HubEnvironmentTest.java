package dev.brigade.model.hub;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The variables mean what they mean to Hugging Face's tools. */
class HubEnvironmentTest {
  @TempDir private Path home;

  private HubEnvironment with(Map<String, String> variables) {
    return new HubEnvironment(variables, home);
  }

  @Test
  void withoutAnyItIsHuggingFaceAndTheUsualCache() {
    HubEnvironment none = with(Map.of());
    assertThat(none.endpoint()).isEqualTo(URI.create("https://huggingface.co"));
    assertThat(none.cache()).isEqualTo(home.resolve(".cache/huggingface/hub"));
    assertThat(none.token()).isEmpty();
    assertThat(none.offline()).isFalse();
  }

  @Test
  void theCacheIsWhereTheNearestVariableSays() {
    assertThat(with(Map.of("XDG_CACHE_HOME", "/x")).cache())
        .isEqualTo(Path.of("/x/huggingface/hub"));
    assertThat(with(Map.of("XDG_CACHE_HOME", "/x", "HF_HOME", "/h")).cache())
        .isEqualTo(Path.of("/h/hub"));
    assertThat(with(Map.of("HF_HOME", "/h", "HF_HUB_CACHE", "~/c")).cache())
        .isEqualTo(home.resolve("c"));
  }

  @Test
  void theTokenIsThatOfTheEnvironmentElseOfTheLogin() throws Exception {
    Path folder = Files.createDirectories(home.resolve(".cache/huggingface"));
    Files.writeString(folder.resolve("token"), "hf_file\n");
    assertThat(with(Map.of()).token()).contains("hf_file");
    assertThat(with(Map.of("HF_TOKEN", " hf_env\n")).token()).contains("hf_env");
    assertThat(with(Map.of("HF_TOKEN", "")).token()).contains("hf_file");
  }

  @Test
  void offlineIsWhatReadsAsYes() {
    for (String yes : new String[] {"1", "true", "YES", "on"}) {
      assertThat(with(Map.of("HF_HUB_OFFLINE", yes)).offline()).as(yes).isTrue();
    }
    assertThat(with(Map.of("HF_HUB_OFFLINE", "0")).offline()).isFalse();
  }
}
