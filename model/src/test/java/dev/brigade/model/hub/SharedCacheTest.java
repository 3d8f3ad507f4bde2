package dev.brigade.model.hub;

import static org.assertj.core.api.Assertions.assertThat;

import dev.brigade.spi.Cancellation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Several at once on one machine fetch every byte once. */
@Timeout(120)
class SharedCacheTest {
  private static final String WEIGHTS = "model.safetensors";
  @TempDir private Path cache;
  private final TestHub hub = new TestHub();
  private final byte[] weights = hub.get(WEIGHTS);
  private final CountDownLatch killed = new CountDownLatch(1);

  @AfterEach
  void close() {
    hub.close();
  }

  @Test
  void threadsShareOneDownload() throws Exception {
    int threads = 6;
    ExecutorService executor = Executors.newFixedThreadPool(threads);
    try {
      List<Future<HubModel>> models = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        models.add(executor.submit(() -> new HubUser(hub.uri(), cache).fetch()));
      }
      for (Future<HubModel> model : models) {
        assertThat(HubUser.bytes(model.get(), WEIGHTS)).isEqualTo(weights);
      }
    } finally {
      executor.shutdownNow();
    }
    assertThat(hub.weightBytes()).isEqualTo(weights.length);
    assertThat(hub.peer().questions("GET", "tokenizer.json")).hasSize(1);
  }

  @Test
  void processesShareOneDownload() throws Exception {
    CountDownLatch both = new CountDownLatch(2);
    hub.spoil(
        "HEAD",
        WEIGHTS,
        (number, question, out) -> {
          // Nobody begins before both are there.
          both.countDown();
          awaitUninterrupted(both);
          return false;
        });
    Process one = FetchProcess.start(hub.uri(), cache);
    Process other = FetchProcess.start(hub.uri(), cache);
    try {
      assertThat(one.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(other.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(List.of(one.exitValue(), other.exitValue())).containsOnly(0);
    } finally {
      one.destroyForcibly();
      other.destroyForcibly();
    }
    assertThat(hub.weightBytes()).isEqualTo(weights.length);
    Path entry =
        new HubUser(hub.uri(), cache)
            .repository()
            .resolve("snapshots/" + TestHub.COMMIT + "/" + WEIGHTS);
    assertThat(Files.readAllBytes(entry)).isEqualTo(weights);
  }

  @Test
  void aKilledProcessLeavesItsBytesAndNoLock() throws Exception {
    hub.spoil(
        "GET",
        WEIGHTS,
        (number, question, out) -> {
          if (number > 0) {
            return false;
          }
          HttpPeer.head(out, 200, java.util.Map.of("Content-Length", "" + weights.length));
          hub.send(question, out, weights, 0, 100_000);
          awaitUninterrupted(killed);
          return true;
        });
    Process process = FetchProcess.start(hub.uri(), cache);
    HubUser user = new HubUser(hub.uri(), cache);
    while (process.isAlive() && size(user.part(hub)) < 100_000) {
      Thread.onSpinWait();
    }
    process.destroyForcibly().waitFor();
    killed.countDown();
    assertThat(HubUser.bytes(user.fetch(), WEIGHTS)).isEqualTo(weights);
    assertThat(hub.weightBytes()).isEqualTo(weights.length);
  }

  private static void awaitUninterrupted(CountDownLatch latch) throws IOException {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  private static long size(Path file) throws IOException {
    return Files.exists(file) ? Files.size(file) : 0;
  }

  @Test
  void whoeverWaitsForAnotherCanBeCancelled() throws Exception {
    Path lock = cache.resolve("x.lock");
    BlobLock held = BlobLock.acquire(lock, Pause.real(), () -> {}, Cancellation.none());
    Cancellation.Source cancel = new Cancellation.Source();
    assertThat(
            org.assertj.core.api.Assertions.catchThrowableOfType(
                    HubException.class,
                    () -> BlobLock.acquire(lock, Pause.real(), cancel::cancel, cancel))
                .kind())
        .isEqualTo(HubException.Kind.CANCELLED);
    held.close();
    BlobLock.acquire(lock, Pause.real(), () -> {}, cancel).close();
  }
}
