package dev.brigade.engine.ggml;

import static org.assertj.core.api.Assertions.assertThat;

import dev.brigade.engine.ggml.binding.GgmlRuntime;
import dev.brigade.engine.ggml.binding.GgmlType;
import dev.brigade.engine.ggml.binding.LibrarySource;
import dev.brigade.engine.ggml.binding.TensorBlock;
import dev.brigade.model.ModelFiles;
import dev.brigade.model.gguf.GgufCheckpoint;
import dev.brigade.model.weights.Checkpoint;
import dev.brigade.model.weights.Weight;
import dev.brigade.spi.Cancellation;
import dev.brigade.spi.engine.EngineException;
import dev.brigade.spi.engine.InferenceEngine;
import dev.brigade.spi.engine.Precision;
import dev.brigade.testkit.TestHost;
import dev.brigade.testkit.engine.ShardChain;
import dev.brigade.testkit.golden.GoldenModel;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A GGUF file is a model like any other. */
class GgmlGgufTest {
  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"f32", "bf16", "q8_0"})
  void aGgufFileAndItsOriginalGiveTheSame(String precision) throws IOException, EngineException {
    Path file = folder.resolve("llama.gguf");
    try (InputStream in = GgmlGgufTest.class.getResourceAsStream("llama.gguf")) {
      Files.copy(in, file);
    }
    Path original = GoldenModel.named("llama").folder();
    List<Integer> ids = GoldenModel.named("llama").prompts().get(2).ids();
    try (TestHost host = TestHost.create();
        InferenceEngine engine = new GgmlEngineProvider().create(TestConfigs.single(), host);
        ShardChain converted = ShardChain.load(engine, file, new Precision(precision), 2);
        ShardChain stored = ShardChain.load(engine, original, new Precision(precision), 2)) {
      float[] here = converted.feed(converted.open(40, 40), ids);
      float[] there = stored.feed(stored.open(40, 40), ids);
      double largest = 0;
      for (int i = 0; i < here.length; i++) {
        largest = Math.max(largest, Math.abs(here[i] - there[i]));
      }
      // The file has rotary frequencies as divisors, rounded once more.
      assertThat(largest)
          .isLessThan(1e-3 * GoldenModel.named("llama").prompts().get(2).logitDeviation());
    }
  }

  @ParameterizedTest
  @EnumSource(
      names = {"F16", "BF16", "I32", "I64"},
      mode = EnumSource.Mode.EXCLUDE)
  void quantisedBlocksAreUsedAsTheyAre(GgmlType type) throws IOException, EngineException {
    Path file = folder.resolve("random.gguf");
    try (TestHost host = TestHost.create();
        InferenceEngine engine = new GgmlEngineProvider().create(TestConfigs.single(), host)) {
      GgmlRuntime runtime = GgmlRuntime.open(LibrarySource.find(Optional.empty(), host.cache()));
      long elements = RandomGguf.write(file, type);
      GgmlType held = runtime.held(type);
      Precision precision = new WeightPrecision(type).precision();
      List<Integer> ids = List.of(5, 3, 60, 1, 9, 33, 2);
      try (ShardChain blocks = ShardChain.load(engine, file, precision);
          ShardChain cut = ShardChain.load(engine, file, precision, 1);
          ShardChain numbers = ShardChain.load(engine, file, Precision.F32)) {
        float[] here = blocks.feed(blocks.open(40, 40), ids);
        float[] meant = numbers.feed(numbers.open(40, 40), ids);
        // Only what is multiplied by a block is rounded, to eight bits.
        assertThat(distance(here, meant)).isLessThan(0.05);
        assertThat(cut.feed(cut.open(40, 40), ids)).isEqualTo(here);
        long tied = type.isQuantized() ? twice(runtime, held) : 0;
        assertThat(blocks.shards().get(0).memory().weights())
            .isEqualTo(held.bytes(elements) + tied + 5L * RandomGguf.WIDTH * Float.BYTES);
      }
    }
  }

  /** A table that is multiplied by as well is held in both layouts, if there are two. */
  private static long twice(GgmlRuntime runtime, GgmlType type) {
    TensorBlock.Layout table =
        new TensorBlock.Layout(
            type, List.of((long) RandomGguf.VOCABULARY, (long) RandomGguf.WIDTH));
    return runtime.cpu().packs(table) ? table.bytes() : 0;
  }

  @Test
  void aFileOfBlocksIsKnownByTheCommonestType() throws IOException, EngineException {
    Path file = folder.resolve("random.gguf");
    try (TestHost host = TestHost.create()) {
      GgmlRuntime.open(LibrarySource.find(Optional.empty(), host.cache()));
    }
    RandomGguf.write(file, GgmlType.Q4_K);
    try (ModelFiles files = ModelFiles.open(file)) {
      assertThat(files.config().text("dtype", "")).isEqualTo("q4_k");
    }
  }

  @Test
  void blocksAreNotCopiedOutOfTheFile() throws IOException, EngineException {
    Path file = folder.resolve("random.gguf");
    try (TestHost host = TestHost.create()) {
      GgmlRuntime runtime = GgmlRuntime.open(LibrarySource.find(Optional.empty(), host.cache()));
      RandomGguf.write(file, GgmlType.Q5_1);
      try (Checkpoint checkpoint = GgufCheckpoint.open(file)) {
        Weight weight = Weight.named("model.layers.1.mlp.up_proj.weight", 256, 256);
        WeightLoader loader =
            new WeightLoader(
                runtime.cpu(),
                runtime.cpu(),
                checkpoint,
                new QuantizedFiles(folder, "test", System.getLogger("test")),
                Cancellation.none());
        WeightKey key = new WeightKey("random", weight, GgmlType.Q5_1, WeightKey.Place.HOST);
        try (TensorBlock block = loader.load(key)) {
          assertThat(block.isBorrowed()).isTrue();
        }
      }
    }
  }

  /** Root of the mean square of differences, in that of what is meant. */
  private static double distance(float[] here, float[] meant) {
    double differences = 0;
    double squares = 0;
    for (int i = 0; i < here.length; i++) {
      differences += Math.pow(here[i] - meant[i], 2);
      squares += Math.pow(meant[i], 2);
    }
    return Math.sqrt(differences / squares);
  }
}
