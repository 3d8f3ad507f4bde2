package dev.brigade.engine.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.brigade.spi.Cancellation;
import dev.brigade.spi.engine.EngineException;
import dev.brigade.spi.engine.InsufficientMemoryException;
import dev.brigade.spi.engine.LoadRequest;
import dev.brigade.spi.engine.LoadedShard;
import dev.brigade.spi.engine.ModelRef;
import dev.brigade.spi.engine.Precision;
import dev.brigade.spi.engine.SequenceSpec;
import dev.brigade.spi.engine.Shard;
import dev.brigade.testkit.golden.GoldenModel;
import org.junit.jupiter.api.Test;

/** Weights are held once per engine, and counted before they are taken. */
class SharedWeightsTest {

  @Test
  void aSecondShardOfTheModelTakesOnlyTheLayersItAdds() throws EngineException {
    try (TestEngine test = new TestEngine();
        LoadedShard first = load(test, "llama", "aaaaaaaa", 1, 3)) {
      long alone = test.engine().budget().used();
      assertThat(alone).isEqualTo(first.memory().weights());
      try (LoadedShard second = load(test, "llama", "aaaaaaaa", 2, 4)) {
        long head = second.memory().weights() - first.memory().weights();
        assertThat(test.engine().budget().used()).isEqualTo(alone + alone / 2 + head);
      }
      assertThat(test.engine().budget().used()).isEqualTo(alone);
    }
  }

  @Test
  void anotherModelWithTheSameNamesSharesNothing() throws EngineException {
    try (TestEngine test = new TestEngine();
        LoadedShard first = load(test, "llama", "aaaaaaaa", 0, 4);
        LoadedShard second = load(test, "llama_bf16", "bbbbbbbb", 0, 4)) {
      assertThat(test.engine().budget().used())
          .isEqualTo(first.memory().weights() + second.memory().weights());
    }
  }

  @Test
  void aTableThatIsAlsoTheHeadIsHeldOnce() throws EngineException {
    try (TestEngine test = new TestEngine();
        LoadedShard whole = load(test, "qwen2", "aaaaaaaa", 0, 4);
        LoadedShard start = load(test, "qwen2", "bbbbbbbb", 0, 1);
        LoadedShard middle = load(test, "qwen2", "cccccccc", 1, 3);
        LoadedShard end = load(test, "qwen2", "dddddddd", 3, 4)) {
      long table = 4L * width("qwen2") * vocabulary("qwen2");
      long parts = start.memory().weights() + middle.memory().weights() + end.memory().weights();
      assertThat(whole.memory().weights()).isEqualTo(parts - table);
    }
  }

  @Test
  void aModelThatDoesNotFitIsRefusedWithTheSumBeforeAnythingIsRead() {
    try (TestEngine test = TestEngine.withMemory(300_000)) {
      assertThatThrownBy(() -> load(test, "llama", "aaaaaaaa", 0, 4))
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
  void cachesAndWeightsShareOneLimit() throws EngineException {
    try (TestEngine test = TestEngine.withMemory(1_000_000);
        LoadedShard shard = load(test, "llama", "aaaaaaaa", 0, 4)) {
      long left = test.engine().budget().available();
      long perToken = 4 * 2 * 2 * 8 * 4;
      int most = Math.toIntExact(left / perToken);
      try (var sequence = shard.open(new SequenceSpec(most, 1))) {
        assertThat(shard.memory().kv()).isEqualTo(most * perToken);
        assertThat(sequence.capacity()).isEqualTo(most);
        assertThatThrownBy(() -> shard.open(new SequenceSpec(8, 1)))
            .isInstanceOf(InsufficientMemoryException.class);
      }
      shard.open(new SequenceSpec(8, 1)).close();
    }
  }

  private static int width(String model) throws EngineException {
    try (var files = dev.brigade.model.ModelFiles.open(GoldenModel.named(model).folder())) {
      return files.decoder().shape().width();
    }
  }

  private static int vocabulary(String model) throws EngineException {
    try (var files = dev.brigade.model.ModelFiles.open(GoldenModel.named(model).folder())) {
      return files.decoder().shape().vocabulary();
    }
  }

  private static LoadedShard load(
      TestEngine test, String model, String fingerprint, int first, int last)
      throws EngineException {
    LoadRequest request =
        new LoadRequest(
            new Shard(new ModelRef(model, fingerprint), first, last, 4),
            GoldenModel.named(model).folder(),
            Precision.F32);
    return test.engine().load(request, progress -> {}, Cancellation.none());
  }
}
