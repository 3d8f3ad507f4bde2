package dev.brigade.engine.ggml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.brigade.engine.ggml.binding.GgmlType;
import dev.brigade.spi.engine.EngineException;
import dev.brigade.spi.engine.InferenceEngine;
import dev.brigade.spi.engine.Precision;
import dev.brigade.testkit.TestHost;
import dev.brigade.testkit.engine.ChainSequence;
import dev.brigade.testkit.engine.KvRecording;
import dev.brigade.testkit.engine.ShardChain;
import dev.brigade.testkit.golden.GoldenModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Keys and values in eight bits. */
class GgmlKvTest {
  private static final Precision F16 = Precision.F16;
  private static final List<Integer> IDS =
      IntStream.range(0, 48).map(i -> i * 7 % RandomGguf.VOCABULARY).boxed().toList();

  @TempDir private Path folder;
  private TestHost host;
  private InferenceEngine sixteen;
  private InferenceEngine eight;
  private Path model;

  @BeforeEach
  void start() throws IOException {
    host = TestHost.create();
    sixteen = engine("auto");
    eight = engine("q8_0");
    model = folder.resolve("random.gguf");
    RandomGguf.write(model, GgmlType.F32);
  }

  private InferenceEngine engine(String kv) {
    GgmlEngineConfig config =
        new GgmlEngineConfig(
            Optional.of(1), Optional.empty(), Optional.empty(), Optional.empty(), Optional.of(kv));
    return new GgmlEngineProvider().create(config, host);
  }

  @AfterEach
  void stop() {
    eight.close();
    sixteen.close();
    host.close();
  }

  @Test
  void theyTakeSeventeenThirtySecondsOfTheMemory() throws EngineException {
    try (ShardChain narrow = ShardChain.load(eight, model, F16);
        ShardChain wide = ShardChain.load(sixteen, model, F16)) {
      narrow.open(64, 64);
      wide.open(64, 64);
      long whole = wide.shards().get(0).memory().kv();
      assertThat(narrow.shards().get(0).memory().kv()).isEqualTo(whole * 17 / 32);
      assertThat(eight.profile().cost(F16).orElseThrow().bytesPerKvElement()).isEqualTo(34.0 / 32);
    }
  }

  /**
   * The largest of a block's 32 elements is some two deviations, so a step of 1/127 of it rounds an
   * element by half a hundredth. Keys and queries are both rounded, by which scores, whose spread
   * is about two here, and so the shares move by 0.005 * sqrt(2) * 2; two layers add up to 0.02.
   */
  @Test
  void logitsMoveByNoMoreThanTheRoundingOfABlock() throws EngineException {
    try (ShardChain narrow = ShardChain.load(eight, model, F16);
        ShardChain cut = ShardChain.load(eight, model, F16, 1);
        ShardChain wide = ShardChain.load(sixteen, model, F16)) {
      ChainSequence here = narrow.open(64, 48);
      ChainSequence there = wide.open(64, 48);
      ChainSequence split = cut.open(64, 48);
      assertClose(narrow.feed(here, IDS), wide.feed(there, IDS));
      cut.feed(split, IDS);
      for (int id : List.of(3, 11, 29)) {
        float[] next = narrow.feed(here, List.of(id));
        assertClose(next, wide.feed(there, List.of(id)));
        assertThat(cut.feed(split, List.of(id))).isEqualTo(next);
      }
    }
  }

  @Test
  void whatIsExportedCanBeImportedAndForked() throws EngineException {
    try (ShardChain chain = ShardChain.load(eight, model, F16)) {
      ChainSequence first = chain.open(64, 48);
      chain.feed(first, IDS);
      ChainSequence second = chain.open(64, 48);
      KvRecording.of(first, 0, IDS.size()).importInto(second);
      float[] expected = chain.feed(first, List.of(5));
      // Numbers that were eight bits once are rounded to the same again.
      assertThat(chain.feed(second, List.of(5))).isEqualTo(expected);
    }
  }

  @Test
  void headsThatAreNoWholeBlocksAreCachedAsEver() throws EngineException {
    Path llama = GoldenModel.named("llama").folder();
    try (ShardChain narrow = ShardChain.load(eight, llama, F16);
        ShardChain wide = ShardChain.load(sixteen, llama, F16)) {
      float[] here = narrow.feed(narrow.open(8, 8), List.of(1, 2, 3));
      assertThat(here).isEqualTo(wide.feed(wide.open(8, 8), List.of(1, 2, 3)));
    }
  }

  @Test
  void anotherTypeIsRefusedByName() {
    assertThatThrownBy(() -> engine("q3"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("kv 'q3': want auto or q8_0");
  }

  private static void assertClose(float[] here, float[] there) {
    double differences = 0;
    double squares = 0;
    for (int i = 0; i < here.length; i++) {
      differences += Math.pow(here[i] - there[i], 2);
      squares += Math.pow(there[i], 2);
    }
    assertThat(Math.sqrt(differences / squares)).isLessThan(0.03);
  }
}
