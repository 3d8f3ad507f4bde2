package dev.brigade.engine.mlx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.brigade.engine.mlx.binding.MlxArray;
import dev.brigade.engine.mlx.binding.MlxMemory;
import dev.brigade.spi.Cancellation;
import dev.brigade.spi.engine.EngineException;
import dev.brigade.spi.engine.InsufficientMemoryException;
import dev.brigade.spi.engine.LoadRequest;
import dev.brigade.spi.engine.LoadedShard;
import dev.brigade.spi.engine.ModelRef;
import dev.brigade.spi.engine.Precision;
import dev.brigade.spi.engine.Shard;
import dev.brigade.testkit.engine.ChainSequence;
import dev.brigade.testkit.engine.ShardChain;
import dev.brigade.testkit.golden.GoldenModel;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every array has an owner, and its memory is counted before it is taken. */
@EnabledWithMlx
class MlxMemoryTest {
  private static final GoldenModel LLAMA = GoldenModel.named("llama");

  @ParameterizedTest
  @ValueSource(strings = {"llama", "gemma2", "gpt_oss", "deepseek_v3"})
  void aHundredLoadsLeaveNothing(String model) throws EngineException {
    Path golden = GoldenModel.named(model).folder();
    try (TestEngine test = new TestEngine()) {
      useAndClose(test.engine(), golden, Precision.F32, 2);
      long handles = MlxArray.open();
      long active = test.activeMemory();
      for (int load = 0; load < 25; load++) {
        for (Precision precision : List.of(Precision.F32, Precision.BF16, Precision.F16)) {
          useAndClose(test.engine(), golden, precision, 2);
        }
        useAndClose(test.engine(), golden, Precision.F32, 2);
      }
      assertThat(MlxArray.open()).isEqualTo(handles);
      assertThat(test.activeMemory()).isEqualTo(active);
      assertThat(test.engine().heldWeights()).isZero();
      assertThat(test.engine().budget().used()).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"llama_4bit", "gpt_oss_mxfp4", "deepseek_v3_4bit"})
  void aHundredLoadsOfQuantisedModelsLeaveNothing(String model)
      throws EngineException, URISyntaxException {
    Path folder = Path.of(MlxMemoryTest.class.getResource(model).toURI());
    List<Precision> precisions =
        List.of(Precision.F32, Precision.BF16, new Precision("int8"), new Precision("int4"));
    try (TestEngine test = new TestEngine()) {
      useAndClose(test.engine(), folder, Precision.F32, 1);
      long handles = MlxArray.open();
      long active = test.activeMemory();
      for (int load = 0; load < 25; load++) {
        for (Precision precision : precisions) {
          useAndClose(test.engine(), folder, precision, 1);
        }
      }
      assertThat(MlxArray.open()).isEqualTo(handles);
      assertThat(test.activeMemory()).isEqualTo(active);
      assertThat(test.engine().heldWeights()).isZero();
      assertThat(test.engine().budget().used()).isZero();
    }
  }

  @Test
  void whatIsCountedIsWhatMlxTakes() throws EngineException {
    try (TestEngine test = new TestEngine()) {
      long before = test.activeMemory();
      try (ShardChain chain = ShardChain.load(test.engine(), LLAMA.folder(), Precision.F32)) {
        LoadedShard shard = chain.shards().get(0);
        assertThat(test.activeMemory() - before)
            .isBetween(shard.memory().weights(), shard.memory().weights() * 105 / 100);
        long loaded = test.activeMemory();
        chain.open(5000, 10);
        assertThat(test.activeMemory() - loaded)
            .isBetween(shard.memory().kv(), shard.memory().kv() * 101 / 100);
      }
    }
  }

  @Test
  void aStepWritesIntoTheCacheInPlace() throws EngineException {
    try (TestEngine test = new TestEngine();
        ShardChain chain = ShardChain.load(test.engine(), LLAMA.folder(), Precision.F32)) {
      ChainSequence sequence = chain.open(200_000, 10);
      chain.feed(sequence, LLAMA.prompts().get(1).ids());
      MlxMemory memory = test.engine().mlx().memory();
      long oneCache = chain.shards().get(0).memory().kv() / 8;
      memory.resetPeak();
      long before = memory.active();
      chain.greedy(sequence, 1, 5);
      assertThat(memory.peak() - before).isLessThan(oneCache / 2);
    }
  }

  @Test
  void aLoadThatIsCancelledHalfWayLeavesNothing() {
    try (TestEngine test = new TestEngine()) {
      long handles = MlxArray.open();
      long active = test.activeMemory();
      AtomicInteger read = new AtomicInteger();
      assertThatThrownBy(
              () ->
                  test.engine()
                      .load(
                          request("00000000", 0, 4),
                          progress -> read.incrementAndGet(),
                          () -> read.get() == 10))
          .isInstanceOf(EngineException.Cancelled.class);
      assertThat(read).hasValue(10);
      assertThat(MlxArray.open()).isEqualTo(handles);
      assertThat(test.activeMemory()).isEqualTo(active);
      assertThat(test.engine().budget().used()).isZero();
    }
  }

  @Test
  void aSecondShardOfTheModelTakesOnlyTheLayersItAdds() throws EngineException {
    try (TestEngine test = new TestEngine();
        LoadedShard first = load(test, "aaaaaaaa", 1, 3)) {
      long alone = test.engine().budget().used();
      assertThat(alone).isEqualTo(first.memory().weights());
      try (LoadedShard second = load(test, "aaaaaaaa", 2, 4)) {
        long head = second.memory().weights() - first.memory().weights();
        assertThat(test.engine().budget().used()).isEqualTo(alone + alone / 2 + head);
      }
      assertThat(test.engine().budget().used()).isEqualTo(alone);
    }
  }

  @Test
  void aModelThatDoesNotFitIsRefusedWithTheSumBeforeAnythingIsRead() {
    try (TestEngine test = new TestEngine(TestConfigs.cpuWithMemory(300_000))) {
      assertThatThrownBy(() -> load(test, "aaaaaaaa", 0, 4))
          .isInstanceOfSatisfying(
              InsufficientMemoryException.class,
              refusal -> {
                assertThat(refusal.neededBytes()).isGreaterThan(400_000);
                assertThat(refusal.availableBytes()).isEqualTo(300_000);
              })
          .hasMessageContaining("layers 0 to 4 of llama");
      assertThat(test.engine().budget().used()).isZero();
    }
  }

  @Test
  void aClosedEngineHasClosedItsShardsAndSequences() throws EngineException {
    TestEngine test = new TestEngine();
    long handles = MlxArray.open();
    ShardChain chain = ShardChain.load(test.engine(), LLAMA.folder(), Precision.F32);
    chain.open(10, 10);
    test.close();
    assertThat(test.engine().budget().used()).isZero();
    assertThat(MlxArray.open()).isEqualTo(handles);
    chain.close();
  }

  private static LoadRequest request(String fingerprint, int first, int last) {
    Shard shard = new Shard(new ModelRef("llama", fingerprint), first, last, 4);
    return new LoadRequest(shard, LLAMA.folder(), Precision.F32);
  }

  private static LoadedShard load(TestEngine test, String fingerprint, int first, int last)
      throws EngineException {
    return test.engine()
        .load(request(fingerprint, first, last), progress -> {}, Cancellation.none());
  }

  private static void useAndClose(MlxEngine engine, Path model, Precision precision, int cut)
      throws EngineException {
    try (ShardChain chain = ShardChain.load(engine, model, precision, cut)) {
      ChainSequence sequence = chain.open(32, 7);
      chain.feed(sequence, List.of(3, 1, 4, 1, 5, 9, 2));
      chain.greedy(sequence, 1, 3);
      sequence.fork(32, 7).close();
      sequence.on(0).exportKv(0, 4, (layer, keys, values) -> {});
      assertThatThrownBy(
              () -> chain.run(List.of(new ShardChain.Turn(sequence, List.of(1), 1)), () -> true))
          .isInstanceOf(EngineException.Cancelled.class);
    }
  }
}
