package dev.brigade.model.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.brigade.spi.Cancellation;
import dev.brigade.spi.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Connections break, stall and are refused; what has come is kept. */
@Timeout(60)
class InterruptedDownloadTest {
  private static final String WEIGHTS = "model.safetensors";
  @TempDir private Path cache;
  private final TestHub hub = new TestHub();
  private final byte[] weights = hub.get(WEIGHTS);

  @AfterEach
  void close() {
    hub.close();
  }

  private HubUser user() {
    return new HubUser(hub.uri(), cache);
  }

  /** Breaks off after some bytes of each answer, as often as said. */
  private void breakOff(int times, int after) {
    hub.spoil(
        "GET",
        WEIGHTS,
        (number, question, out) -> {
          if (number >= times) {
            return false;
          }
          int from = question.from();
          head(question, out, weights.length);
          hub.send(question, out, weights, from, Math.min(from + after, weights.length));
          return true;
        });
  }

  private static void head(HttpPeer.Question question, java.io.OutputStream out, int length)
      throws IOException {
    int from = question.from();
    String range = "bytes %d-%d/%d".formatted(from, length - 1, length);
    String rest = String.valueOf(length - from);
    HttpPeer.head(
        out,
        from > 0 ? 206 : 200,
        from > 0
            ? Map.of("Content-Range", range, "Content-Length", rest)
            : Map.of("Content-Length", rest));
  }

  @Test
  void aBrokenConnectionIsTakenUpWhereItBroke() throws Exception {
    breakOff(8, 35_000);
    HubModel model = user().fetch();
    assertThat(HubUser.bytes(model, WEIGHTS)).isEqualTo(weights);
    assertThat(hub.weightBytes()).isEqualTo(weights.length);
    assertThat(hub.peer().questions("GET", WEIGHTS)).hasSize(9);
  }

  @Test
  void whatAnEarlierProcessHasFetchedIsNotFetchedAgain() throws Exception {
    breakOff(Integer.MAX_VALUE, 0);
    hub.spoil(
        "GET",
        WEIGHTS,
        (number, question, out) -> {
          head(question, out, weights.length);
          hub.send(question, out, weights, 0, number == 0 ? 200_000 : 0);
          return true;
        });
    assertThatThrownBy(() -> user().fetch())
        .isInstanceOf(HubException.class)
        .hasMessageContainingAll("fetching " + WEIGHTS, "in a row", "try again");
    assertThat(Files.size(user().part(hub))).isEqualTo(200_000);

    hub.spoil("GET", WEIGHTS, (number, question, out) -> false);
    HubModel model = user().fetch();
    assertThat(HubUser.bytes(model, WEIGHTS)).isEqualTo(weights);
    assertThat(hub.weightBytes()).isEqualTo(weights.length);
    assertThat(user().part(hub)).doesNotExist();
  }

  @Test
  void whereOnlyAllOfItCanBeHadItComesFromTheStart() throws Exception {
    hub.spoil(
        "GET",
        WEIGHTS,
        (number, question, out) -> {
          HttpPeer.head(out, 200, Map.of("Content-Length", String.valueOf(weights.length)));
          hub.send(question, out, weights, 0, number == 0 ? 100_000 : weights.length);
          return true;
        });
    assertThat(HubUser.bytes(user().fetch(), WEIGHTS)).isEqualTo(weights);
  }

  @Test
  void aHubThatAlwaysBreaksOffAtTheSamePlaceIsGivenUp() {
    hub.spoil(
        "GET",
        WEIGHTS,
        (number, question, out) -> {
          HttpPeer.head(out, 200, Map.of("Content-Length", String.valueOf(weights.length)));
          hub.send(question, out, weights, 0, 100_000);
          return true;
        });
    HubUser user = user();
    assertThatThrownBy(user::fetch).hasMessageContaining("connection broke");
    assertThat(user.pauses()).hasSize(HubUser.PATIENCE.tries() - 1);
  }

  @Test
  void aHubThatFallsSilentIsAskedAgain() throws Exception {
    CountDownLatch end = new CountDownLatch(1);
    hub.spoil(
        "GET",
        WEIGHTS,
        (number, question, out) -> {
          if (number > 0) {
            return false;
          }
          head(question, out, weights.length);
          hub.send(question, out, weights, 0, 50_000);
          awaitUninterrupted(end);
          return true;
        });
    assertThat(HubUser.bytes(user().impatient().fetch(), WEIGHTS)).isEqualTo(weights);
    assertThat(hub.weightBytes()).isEqualTo(weights.length);
    end.countDown();
  }

  private static void awaitUninterrupted(CountDownLatch latch) throws IOException {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  @Test
  void aBusyHubIsGivenTheTimeThatItAsksFor() throws Exception {
    hub.spoil(
        "GET",
        "listing",
        (number, question, out) -> {
          Map<String, String> wait = Map.of("Retry-After", "17", "Content-Length", "0");
          if (number < 2) {
            HttpPeer.head(out, number == 0 ? 429 : 503, number == 0 ? wait : Map.of());
          }
          return number < 2;
        });
    HubUser user = user();
    user.open();
    assertThat(user.pauses()).containsExactly(Duration.ofSeconds(17), Duration.ofSeconds(1));
  }

  @Test
  void aHubThatAsksForTooMuchTimeIsTold() {
    hub.spoil(
        "GET",
        "listing",
        (number, question, out) -> {
          HttpPeer.head(out, 429, Map.of("Retry-After", "7200"));
          return true;
        });
    assertThatThrownBy(() -> user().open())
        .isInstanceOfSatisfying(
            HubException.class, e -> assertThat(e.kind()).isEqualTo(HubException.Kind.UNREACHABLE))
        .hasMessageContainingAll("429", "7200 seconds");
  }

  @Test
  void aHubThatIsNotThereIsNamed() {
    hub.close();
    HubUser user = user();
    assertThatThrownBy(user::open)
        .isInstanceOf(HubException.class)
        .hasMessageContainingAll(hub.uri().toString(), "org/tiny", "HF_ENDPOINT");
  }

  @Test
  void progressOnlyGrowsUpToTheSum() throws Exception {
    breakOff(3, 90_000);
    HubUser user = user();
    user.fetch();
    long[] done =
        user.progress().stream()
            .filter(step -> step.total() == weights.length)
            .mapToLong(Progress::done)
            .toArray();
    assertThat(done).isSorted().endsWith(weights.length);
    assertThat(user.progress().get(0).activity()).isEqualTo("fetching org/tiny");
  }

  @Test
  void cancellingKeepsWhatHasCome() throws Exception {
    Cancellation.Source cancel = new Cancellation.Source();
    CountDownLatch end = new CountDownLatch(1);
    hub.spoil(
        "GET",
        WEIGHTS,
        (number, question, out) -> {
          head(question, out, weights.length);
          hub.send(question, out, weights, question.from(), 120_000);
          awaitSize(user().part(hub), 120_000);
          cancel.cancel();
          awaitUninterrupted(end);
          return true;
        });
    assertThatThrownBy(() -> user().fetch(cancel))
        .isInstanceOfSatisfying(
            HubException.class, e -> assertThat(e.kind()).isEqualTo(HubException.Kind.CANCELLED));
    end.countDown();
    assertThat(Files.size(user().part(hub))).isEqualTo(120_000);
    hub.spoil("GET", WEIGHTS, (number, question, out) -> false);
    assertThat(HubUser.bytes(user().fetch(), WEIGHTS)).isEqualTo(weights);
    assertThat(hub.weightBytes()).isEqualTo(weights.length);
  }

  private static void awaitSize(Path file, long bytes) throws IOException {
    while (!Files.exists(file) || Files.size(file) < bytes) {
      Thread.onSpinWait();
    }
  }
}
