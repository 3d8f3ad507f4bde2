package dev.brigade.engine.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.brigade.spi.engine.DType;
import dev.brigade.spi.engine.EngineException;
import dev.brigade.spi.engine.InsufficientMemoryException;
import dev.brigade.spi.engine.KvSource;
import dev.brigade.spi.engine.Precision;
import dev.brigade.spi.engine.Sequence;
import dev.brigade.spi.engine.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class EngineMemoryTest {
  private static final Path STATUS = Path.of("/proc/self/status");

  @Test
  void nothingStaysBehindWhenModelsComeAndGo() throws Exception {
    assumeTrue(Files.isReadable(STATUS));
    for (int i = 0; i < 5; i++) {
      useOnce();
    }
    long before = residentBytes();
    long held = NativeBlock.heldBytes();
    long used = 0;
    for (int i = 0; i < 20; i++) {
      used += useOnce();
    }
    assertThat(NativeBlock.heldBytes()).isEqualTo(held);
    // The rest is the Java heap's coming and going.
    assertThat(used).isGreaterThan(150L << 20);
    assertThat(residentBytes() - before).isLessThan(used / 2);
  }

  /** Memory that was used. */
  private static long useOnce() throws EngineException {
    try (LoadedModel loaded = new LoadedModel("llama", TestConfigs.cpu(), new Precision("int4"))) {
      loaded.feed(loaded.open(100), new int[100]);
      fill(loaded.open(20_000));
      return loaded.shard().memory().total();
    }
  }

  @Test
  void aCacheTakesWhatIsCountedAndGivesItBackAtOnce() throws Exception {
    assumeTrue(Files.isReadable(STATUS));
    try (LoadedModel loaded = new LoadedModel("llama", TestConfigs.cpu(), Precision.F32)) {
      Sequence stays = loaded.open(300_000);
      loaded.feed(stays, 1);
      long before = residentBytes();
      Sequence goes = loaded.open(300_000);
      long counted = loaded.shard().memory().kv() / 2;
      fill(goes);
      assertThat(residentBytes() - before).isBetween(counted / 2, counted * 3 / 2);
      goes.close();
      assertThat(residentBytes() - before).isLessThan(counted / 2);
      assertThat(loaded.feed(stays, 2)).isNotEmpty();
    }
  }

  /** Fills all of a sequence's cache. */
  private static void fill(Sequence sequence) throws EngineException {
    Tensor zeros = Tensor.allocate(DType.F32, sequence.capacity(), 2, 8);
    sequence.importKv(
        new KvSource() {
          @Override
          public int from() {
            return 0;
          }

          @Override
          public int to() {
            return sequence.capacity();
          }

          @Override
          public Tensor keys(int layer) {
            return zeros;
          }

          @Override
          public Tensor values(int layer) {
            return zeros;
          }
        });
  }

  @Test
  void whatTheConfigDoesNotAllowIsRefusedWithTheSum() throws EngineException {
    OnnxEngineConfig tight =
        new OnnxEngineConfig(
            Optional.of("cpu"),
            Optional.of(1),
            Optional.empty(),
            Optional.empty(),
            Optional.of(3L << 20));
    try (LoadedModel loaded = new LoadedModel("llama", tight, Precision.F32)) {
      long weights = loaded.engine().budget().used();
      assertThatThrownBy(() -> loaded.open(100_000))
          .isInstanceOf(InsufficientMemoryException.class)
          .hasMessageContaining("KV cache of 100000 tokens");
      assertThat(loaded.engine().budget().used()).isEqualTo(weights);
      loaded.open(100);
    }
  }

  @Test
  void closedShardsGiveTheirWeightsBack() throws EngineException {
    LoadedModel loaded = new LoadedModel("mixtral", TestConfigs.cpu(), Precision.F32);
    assertThat(loaded.engine().heldWeights()).isPositive();
    loaded.close();
    assertThat(loaded.engine().heldWeights()).isZero();
    assertThat(loaded.engine().budget().used()).isZero();
  }

  private static long residentBytes() throws IOException {
    System.gc();
    List<String> lines = Files.readAllLines(STATUS);
    return lines.stream()
        .filter(line -> line.startsWith("RssAnon:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
        .findFirst()
        .orElseThrow();
  }
}
