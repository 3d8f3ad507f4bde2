package dev.brigade.transport.vertx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.brigade.testkit.TestHost;
import dev.brigade.testkit.TransportMember;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ClosingTest {
  private static final Duration PATIENCE = Duration.ofSeconds(40);

  @Test
  void closingEndsEveryThreadAndFreesThePort() throws Exception {
    try (TestHost host = TestHost.builder().secret("s").build()) {
      host.timer().schedule(Duration.ZERO, () -> {});
      Set<Thread> before = Thread.getAllStackTraces().keySet();
      int port = startAndClose(host, 0);

      Set<Thread> started = new HashSet<>(Thread.getAllStackTraces().keySet());
      started.removeAll(before);
      for (Thread thread : started) {
        if (!isOfTheJvm(thread)) {
          thread.join(PATIENCE.toMillis());
          assertThat(thread.isAlive()).as("thread %s lives on", thread.getName()).isFalse();
        }
      }
      assertThatCode(() -> startAndClose(host, port)).doesNotThrowAnyException();
    }
  }

  /** Netty's one thread for the whole JVM, and what Java starts for itself. */
  private static boolean isOfTheJvm(Thread thread) {
    String name = thread.getName();
    return name.startsWith("globalEventExecutor")
        || name.startsWith("ForkJoinPool.commonPool")
        || name.startsWith("Cleaner")
        || thread.getThreadGroup() == null
        || thread.getThreadGroup().getName().equals("system");
  }

  private static int startAndClose(TestHost host, int port) throws Exception {
    VertxTransportConfig config =
        new VertxTransportConfig(Optional.empty(), Optional.of(port), Optional.empty());
    try (TransportMember a =
            TransportMember.bind("a", new VertxTransportProvider().create(config, host));
        TransportMember b =
            TransportMember.bind(
                "b",
                new VertxTransportProvider()
                    .create(
                        new VertxTransportConfig(
                            Optional.empty(), Optional.of(0), Optional.empty()),
                        host))) {
      a.start(Set::of).awaitMembers(a);
      b.start(() -> Set.of(a.endpoint()));
      a.awaitMembers(a, b);
      return a.endpoint().port();
    }
  }
}
