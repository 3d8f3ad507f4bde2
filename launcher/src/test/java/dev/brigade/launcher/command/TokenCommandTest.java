package dev.brigade.launcher.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.brigade.launcher.secret.SharedSecret;
import org.junit.jupiter.api.Test;

class TokenCommandTest {

  @Test
  void theTokenAndNothingElseIsPrinted() {
    CommandRun run = CommandRun.of("token");

    assertThat(run.status()).isZero();
    assertThat(run.err()).isEmpty();
    assertThat(run.out().lines()).singleElement().asString().startsWith("brg1-");
    SharedSecret.check(run.out());
  }

  @Test
  void asJsonItIsAnObject() throws Exception {
    CommandRun run = CommandRun.of("token", "--json");

    SharedSecret.check(run.json().get("token").textValue());
    assertThat(run.json()).hasSize(1);
  }

  @Test
  void whoJoinsWithAGarbledTokenOrAShortPassphraseIsTold() {
    for (String secret : new String[] {"brg1-abcde", "hush"}) {
      CommandRun run = CommandRun.of("up", "--join", secret);

      assertThat(run.status()).isEqualTo(2);
      assertThat(run.err()).startsWith("brigade: --join: ").hasLineCount(1);
    }
  }
}
