package dev.brigade.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.brigade.spi.Cancellation;
import dev.brigade.spi.engine.EngineException;
import dev.brigade.spi.engine.InsufficientMemoryException;
import dev.brigade.spi.engine.LoadedShard;
import dev.brigade.spi.engine.SequenceSpec;
import dev.brigade.testkit.engine.ShardChain.Turn;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * How every engine treats passes and sequences, whatever it computes: the rules of {@link
 * LoadedShard} and {@link dev.brigade.spi.engine.Sequence}. Extend {@link InferenceEngineContract}.
 *
 * @param <C> the engine's configuration
 */
public abstract class EngineBehaviourContract<C extends Record> extends EngineLoadingContract<C> {
  EngineBehaviourContract() {}

  @Test
  void aTruncatedSequenceGoesOnAsIfTheRestHadNeverBeen() throws EngineException {
    try (ShardChain chain = loadLlama(2)) {
      ChainSequence straight = chain.open(40, 40);
      float[] expected = chain.feed(straight, ids(0, 30));
      ChainSequence detour = chain.open(40, 40);
      chain.feed(detour, ids(0, 12));
      chain.feed(detour, List.of(9, 8, 7, 6, 5));
      detour.truncate(12);
      assertThat(detour.length()).isEqualTo(12);
      assertSame(chain.feed(detour, ids(12, 30)), expected);
    }
  }

  @Test
  void aForkGoesItsOwnWay() throws EngineException {
    try (ShardChain chain = loadLlama(2)) {
      ChainSequence straight = chain.open(40, 40);
      float[] expected = chain.feed(straight, ids(0, 30));
      ChainSequence origin = chain.open(20, 20);
      chain.feed(origin, ids(0, 12));
      try (ChainSequence fork = origin.fork(40, 40)) {
        chain.feed(origin, List.of(9, 8, 7));
        assertThat(fork.length()).isEqualTo(12);
        assertSame(chain.feed(fork, ids(12, 30)), expected);
        assertThat(origin.length()).isEqualTo(15);
      }
    }
  }

  @Test
  void anExportedCacheIsTakenUpByAnotherSequence() throws EngineException {
    try (ShardChain chain = loadLlama(2);
        ShardChain other = loadLlama(1, 3)) {
      ChainSequence origin = chain.open(40, 40);
      chain.feed(origin, ids(0, 20));
      float[] expected = chain.feed(origin, ids(20, 30));
      KvRecording cache = KvRecording.of(origin, 2, 20);
      ChainSequence successor = other.open(40, 40);
      chain.feed(origin, ids(30, 31));
      other.feed(successor, ids(0, 2));
      cache.importInto(successor);
      assertThat(successor.length()).isEqualTo(20);
      assertSame(other.feed(successor, ids(20, 30)), expected);
    }
  }

  @Test
  void aCancelledPassLeavesAllAsItWas() throws EngineException {
    try (ShardChain chain = loadLlama()) {
      ChainSequence straight = chain.open(40, 40);
      float[] expected = chain.feed(straight, ids(0, 30));
      ChainSequence sequence = chain.open(40, 40);
      chain.feed(sequence, ids(0, 12));
      List<Turn> turn = List.of(new Turn(sequence, ids(12, 30), 1));
      assertThatThrownBy(() -> chain.run(turn, () -> true))
          .isInstanceOf(EngineException.Cancelled.class);
      assertThat(sequence.length()).isEqualTo(12);
      assertSame(chain.run(turn, Cancellation.none())[0], expected);
    }
  }

  @Test
  void whatGoesBeyondASequencesCapacityIsRefused() throws EngineException {
    try (ShardChain chain = loadLlama()) {
      ChainSequence small = chain.open(4, 4);
      ChainSequence large = chain.open(40, 40);
      List<Turn> turns = List.of(new Turn(large, ids(0, 3), 1), new Turn(small, ids(0, 5), 1));
      assertThatThrownBy(() -> chain.run(turns, Cancellation.none()))
          .isInstanceOf(IllegalArgumentException.class);
      assertThat(small.length()).isZero();
      assertThat(large.length()).isZero();
      chain.feed(small, ids(0, 4));
      assertThat(small.length()).isEqualTo(4);
    }
  }

  @Test
  void aSequenceTwiceInAPassIsRefused() throws EngineException {
    try (ShardChain chain = loadLlama()) {
      Turn turn = new Turn(chain.open(4, 4), ids(0, 1), 1);
      assertThatThrownBy(() -> chain.run(List.of(turn, turn), Cancellation.none()))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void aSequenceOfAnotherShardIsRefused() throws EngineException {
    try (ShardChain chain = loadLlama();
        ShardChain other = loadLlama()) {
      Turn stray = new Turn(other.open(4, 4), ids(0, 1), 1);
      assertThatThrownBy(() -> chain.run(List.of(stray), Cancellation.none()))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void aCacheThatCannotFitIsRefusedWithTheSum() throws EngineException {
    try (ShardChain chain = loadLlama()) {
      LoadedShard shard = chain.shards().get(0);
      assertThatThrownBy(() -> shard.open(new SequenceSpec(Integer.MAX_VALUE, 1)))
          .isInstanceOf(InsufficientMemoryException.class);
      assertThat(shard.memory().kv()).isZero();
    }
  }
}
