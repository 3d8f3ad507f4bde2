package dev.brigade.engine.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.brigade.spi.engine.DType;
import dev.brigade.spi.engine.EngineException;
import dev.brigade.spi.engine.LoadRequest;
import dev.brigade.spi.engine.ModelRef;
import dev.brigade.spi.engine.Precision;
import dev.brigade.spi.engine.Shard;
import dev.brigade.testkit.engine.ChainSequence;
import dev.brigade.testkit.engine.ShardChain;
import dev.brigade.testkit.golden.GoldenModel;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What the engine takes outside of Java's heap it gives back. */
class NativeMemoryTest {
  private static final GoldenModel LLAMA = GoldenModel.named("llama");

  @Test
  void noTensorStaysBehindWhenShardsAndSequencesAreClosed() throws EngineException {
    try (TestEngine test = new TestEngine()) {
      int before = test.engine().liveTensors();
      for (Precision precision : List.of(Precision.F32, Precision.BF16, Precision.F16)) {
        useAndClose(test.engine(), precision);
        assertThat(test.engine().liveTensors()).isEqualTo(before);
        assertThat(test.engine().heldWeights()).isZero();
        assertThat(test.engine().budget().used()).isZero();
      }
    }
  }

  @Test
  void aLoadThatIsCancelledHalfWayLeavesNothing() {
    try (TestEngine test = new TestEngine()) {
      int before = test.engine().liveTensors();
      AtomicInteger read = new AtomicInteger();
      assertThatThrownBy(
              () ->
                  test.engine()
                      .load(
                          request(Precision.F32),
                          progress -> read.incrementAndGet(),
                          () -> read.get() == 10))
          .isInstanceOf(EngineException.Cancelled.class);
      assertThat(read).hasValue(10);
      assertThat(test.engine().liveTensors()).isEqualTo(before);
      assertThat(test.engine().heldWeights()).isZero();
      assertThat(test.engine().budget().used()).isZero();
    }
  }

  @Test
  void aClosedEngineHasClosedItsShardsAndSequences() throws EngineException {
    TestEngine test = new TestEngine();
    ShardChain chain = ShardChain.load(test.engine(), LLAMA.folder(), Precision.F32);
    chain.open(10, 10);
    test.close();
    assertThat(test.engine().budget().used()).isZero();
    chain.close();
  }

  private static LoadRequest request(Precision precision) {
    Shard shard = new Shard(new ModelRef("llama", "00000000"), 0, 4, 4);
    return new LoadRequest(shard, LLAMA.folder(), precision);
  }

  private static void useAndClose(DjlEngine engine, Precision precision) throws EngineException {
    try (ShardChain chain = ShardChain.load(engine, LLAMA.folder(), precision, 2)) {
      ChainSequence sequence = chain.open(32, 7);
      chain.feed(sequence, LLAMA.prompts().get(1).ids());
      chain.greedy(sequence, 1, 3);
      sequence.fork(32, 7).close();
      sequence
          .on(0)
          .exportKv(0, 4, (layer, keys, values) -> assertThat(keys.type()).isEqualTo(DType.F32));
      assertThatThrownBy(
              () -> chain.run(List.of(new ShardChain.Turn(sequence, List.of(1), 1)), () -> true))
          .isInstanceOf(EngineException.Cancelled.class);
    }
  }
}
