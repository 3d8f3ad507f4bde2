package dev.brigade.engine.ggml;

import static org.assertj.core.api.Assertions.assertThat;

import dev.brigade.engine.ggml.binding.GgmlType;
import dev.brigade.spi.engine.EngineException;
import dev.brigade.spi.engine.InferenceEngine;
import dev.brigade.spi.engine.Precision;
import dev.brigade.testkit.TestHost;
import dev.brigade.testkit.engine.ShardChain;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What was quantised once is read from the disk the next time. */
class GgmlWeightCacheTest {
  private static final Precision Q8_0 = new Precision("q8_0");

  @TempDir private Path folder;

  @Test
  void quantisedWeightsAreKeptAndOneThatWasCutIsMadeAgain() throws IOException, EngineException {
    try (TestHost host = TestHost.create();
        InferenceEngine engine = new GgmlEngineProvider().create(TestConfigs.single(), host)) {
      Path model = folder.resolve("random.gguf");
      RandomGguf.write(model, GgmlType.F32);
      Path kept = host.cache().resolve("ggml").resolve("weights");
      float[] first = logits(engine, model);
      List<Path> files = files(kept);
      assertThat(files).hasSizeGreaterThan(RandomGguf.LAYERS);
      for (Path file : files) {
        Files.setLastModifiedTime(file, FileTime.from(Instant.EPOCH));
      }
      assertThat(logits(engine, model)).isEqualTo(first);
      assertThat(files(kept)).isEqualTo(files).allMatch(GgmlWeightCacheTest::isOld);
      // Another file under the same name: what is mapped must not shrink.
      Files.delete(files.get(0));
      Files.write(files.get(0), new byte[10]);
      assertThat(logits(engine, model)).isEqualTo(first);
      assertThat(files(kept)).isEqualTo(files);
      assertThat(Files.size(files.get(0))).isGreaterThan(10);
    }
  }

  @Test
  void aFolderThatCannotBeWrittenCostsOnlyTime() throws IOException, EngineException {
    try (TestHost host = TestHost.create();
        InferenceEngine engine = new GgmlEngineProvider().create(TestConfigs.single(), host)) {
      Path model = folder.resolve("random.gguf");
      RandomGguf.write(model, GgmlType.F32);
      Files.createDirectories(host.cache().resolve("ggml"));
      Files.write(host.cache().resolve("ggml").resolve("weights"), new byte[1]);
      assertThat(logits(engine, model)).hasSize(RandomGguf.VOCABULARY);
      assertThat(host.log().texts(System.Logger.Level.WARNING, "quantised weights are not kept"))
          .hasSize(1);
    }
  }

  private static float[] logits(InferenceEngine engine, Path model) throws EngineException {
    try (ShardChain chain = ShardChain.load(engine, model, Q8_0)) {
      return chain.feed(chain.open(8, 8), List.of(1, 2, 3));
    }
  }

  private static boolean isOld(Path file) {
    try {
      return Files.getLastModifiedTime(file).toInstant().equals(Instant.EPOCH);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted().toList();
    }
  }
}
