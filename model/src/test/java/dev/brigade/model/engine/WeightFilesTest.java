package dev.brigade.model.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.brigade.spi.engine.EngineException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WeightFilesTest {
  private static final int BYTES = 1 << 16;

  @TempDir private Path folder;

  private static void count(ByteBuffer target) {
    for (int i = 0; target.hasRemaining(); i++) {
      target.put((byte) i);
    }
  }

  @Test
  void aFileIsMadeOnceForAllThatItsBytesDependOn() throws IOException, EngineException {
    WeightFiles files = new WeightFiles(folder.resolve("made"));
    ByteBuffer made = files.get("a", BYTES, WeightFilesTest::count);
    ByteBuffer found =
        files.get(
            "a",
            BYTES,
            target -> {
              throw new AssertionError("it is there");
            });
    assertThat(found).isEqualTo(made);
    assertThat(found.isReadOnly()).isTrue();
    files.get("b", BYTES, target -> {});
    assertThat(names(folder.resolve("made"))).hasSize(2);
  }

  @Test
  void severalWhoMakeTheSameAtATimeAllGetTheWhole() throws Exception {
    int makers = 4;
    CyclicBarrier together = new CyclicBarrier(makers);
    ExecutorService threads = Executors.newFixedThreadPool(makers);
    try {
      List<Future<ByteBuffer>> all = new ArrayList<>();
      for (int i = 0; i < makers; i++) {
        all.add(
            threads.submit(
                () -> {
                  together.await();
                  return new WeightFiles(folder).get("a", BYTES, WeightFilesTest::count);
                }));
      }
      ByteBuffer expected = ByteBuffer.allocate(BYTES);
      count(expected);
      expected.flip();
      for (Future<ByteBuffer> one : all) {
        assertThat(one.get()).isEqualTo(expected);
      }
      assertThat(names(folder)).hasSize(1);
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void whatIsNotFinishedLeavesNothing() throws IOException {
    WeightFiles files = new WeightFiles(folder);
    assertThatThrownBy(
            () ->
                files.get(
                    "a",
                    BYTES,
                    target -> {
                      throw new EngineException.Cancelled();
                    }))
        .isInstanceOf(EngineException.Cancelled.class);
    assertThat(names(folder)).isEmpty();
  }

  @Test
  void aDiskWithoutRoomIsToldBeforeAnythingIsWritten() throws IOException {
    WeightFiles files = new WeightFiles(folder);
    long room = Files.getFileStore(folder).getUsableSpace();
    assertThatThrownBy(() -> files.get("a", room, target -> {}))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("has room for");
    assertThat(names(folder)).isEmpty();
  }

  private static List<Path> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.toList();
    }
  }
}
