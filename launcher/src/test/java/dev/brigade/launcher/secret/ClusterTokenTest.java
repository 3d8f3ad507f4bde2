package dev.brigade.launcher.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ClusterTokenTest {

  @Test
  void aTokenIsReadableAndNeverTheSame() {
    Set<String> tokens = new HashSet<>();
    for (int i = 0; i < 100; i++) {
      tokens.add(ClusterToken.make());
    }
    assertThat(tokens)
        .hasSize(100)
        .allSatisfy(
            token -> {
              assertThat(token).matches("brg1(-[0-9abcdefghjkmnpqrstvwxyz]{5}){6}");
              assertThat(ClusterToken.parse(token)).isEqualTo(token);
            });
  }

  @Test
  void itMayBeTypedAsItWasHeard() {
    String made = ClusterToken.make();
    String typed = made.toUpperCase().replaceFirst("BRG1-", "brg1-").replace('0', 'O');

    assertThat(ClusterToken.parse(" " + typed.replace('1', 'l').replace("brgl", "brg1") + "\n"))
        .isEqualTo(made);
    assertThat(ClusterToken.claims(made.toUpperCase())).isTrue();
    assertThat(ClusterToken.parse("brg1-" + made.substring(5).replace("-", ""))).isEqualTo(made);
  }

  @Test
  void everyWrongDigitIsFound() {
    String token = ClusterToken.make();
    for (int i = "brg1-".length(); i < token.length(); i++) {
      if (token.charAt(i) != '-') {
        char other = token.charAt(i) == 'x' ? 'y' : 'x';
        String typo = token.substring(0, i) + other + token.substring(i + 1);
        assertThatThrownBy(() -> ClusterToken.parse(typo))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessageContaining("checksum");
      }
    }
  }

  @Test
  void whatIsTooShortOrHasForeignCharactersIsNoToken() {
    assertThatThrownBy(() -> ClusterToken.parse("brg1-abcde"))
        .hasMessageContaining("5 digits instead of 30");
    assertThatThrownBy(() -> ClusterToken.parse(ClusterToken.make().replaceAll(".$", "!")))
        .hasMessageContaining("character");
  }
}
