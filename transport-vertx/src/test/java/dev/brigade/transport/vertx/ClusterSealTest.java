package dev.brigade.transport.vertx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.brigade.testkit.TestHost;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ClusterSealTest {
  private static final byte[] PLAIN = "who is there".getBytes(StandardCharsets.UTF_8);

  private static ClusterSeal seal(String cluster, String secret) {
    try (TestHost host = TestHost.builder().cluster(cluster).secret(secret).build()) {
      return ClusterSeal.of(host);
    }
  }

  @Test
  void membersOpenWhatMembersSeal() {
    byte[] sealed = seal("home", "s").seal(PLAIN, 4, 2);

    assertThat(seal("home", "s").open(sealed)).hasValue("is".getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void nobodyElseDoes() {
    byte[] sealed = seal("home", "s").seal(PLAIN, 0, PLAIN.length);

    assertThat(seal("home", "other").open(sealed)).isEmpty();
    assertThat(seal("office", "s").open(sealed)).isEmpty();
    try (TestHost open = TestHost.builder().cluster("home").build()) {
      assertThat(ClusterSeal.of(open).open(sealed)).isEmpty();
    }
  }

  @Test
  void aChangedPacketIsNotOpened() {
    ClusterSeal seal = seal("home", "s");
    byte[] sealed = seal.seal(PLAIN, 0, PLAIN.length);
    for (int i = 0; i < sealed.length; i++) {
      byte[] changed = sealed.clone();
      changed[i] ^= 1;
      assertThat(seal.open(changed)).isEmpty();
    }
    assertThat(seal.open(new byte[3])).isEmpty();
  }
}
