package dev.brigade.model.hub;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HubIdTest {
  @Test
  void aModelIsNamedWithOrWithoutRevision() {
    assertThat(HubId.parse("Qwen/Qwen2.5-0.5B_x"))
        .contains(new HubId("Qwen/Qwen2.5-0.5B_x", "main"));
    assertThat(HubId.parse("org/name@v1.0").orElseThrow())
        .isEqualTo(new HubId("org/name", "v1.0"))
        .hasToString("org/name@v1.0");
    assertThat(HubId.parse("org/name@refs/pr/7").orElseThrow().revision()).isEqualTo("refs/pr/7");
    assertThat(HubId.parse("org/name@main").orElseThrow()).hasToString("org/name");
    assertThat(HubId.parse("o/n@" + TestHub.COMMIT).orElseThrow().isPinned()).isTrue();
    assertThat(HubId.parse("o/n@v2").orElseThrow().isPinned()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "name",
        "/",
        "a/b/c",
        "../x",
        "a/..",
        "./a",
        "/etc/passwd",
        "a/b@",
        "a/b@../x",
        "a/b@/x",
        "a/b@x/../y",
        "a--b/c",
        "a/b?x=1",
        "a/b#c",
        "a b/c",
        "a/b@x y",
        "-a/b",
        ".a/b",
        "C:\\x/y",
        "a/b.",
        "a/b@v1@v2"
      })
  void otherTextsAreNone(String text) {
    assertThat(HubId.parse(text)).isEmpty();
  }
}
