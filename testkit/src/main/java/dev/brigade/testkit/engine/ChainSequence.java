package dev.brigade.testkit.engine;

import dev.brigade.spi.engine.EngineException;
import dev.brigade.spi.engine.LoadedShard;
import dev.brigade.spi.engine.Sequence;
import dev.brigade.spi.engine.SequenceSpec;
import java.util.ArrayList;
import java.util.List;

/** One sequence, on each shard of a chain. */
public final class ChainSequence implements AutoCloseable {
  private final List<Sequence> stages = new ArrayList<>();

  private ChainSequence() {}

  static ChainSequence open(List<LoadedShard> shards, int capacity, int promptLength)
      throws EngineException {
    ChainSequence sequence = new ChainSequence();
    try {
      for (LoadedShard shard : shards) {
        sequence.stages.add(shard.open(new SequenceSpec(capacity, promptLength)));
      }
      return sequence;
    } catch (EngineException | RuntimeException | Error e) {
      sequence.close();
      throw e;
    }
  }

  /** The sequence on one shard. */
  public Sequence on(int stage) {
    return stages.get(stage);
  }

  /** The sequences on all shards, first to last. */
  public List<Sequence> stages() {
    return List.copyOf(stages);
  }

  /** Tokens held; the same on all shards. */
  public int length() {
    return stages.get(0).length();
  }

  /** Forgets tokens from the end, on all shards. */
  public void truncate(int length) {
    stages.forEach(stage -> stage.truncate(length));
  }

  /** A copy on all shards; the caller closes it. */
  public ChainSequence fork(int capacity, int promptLength) throws EngineException {
    ChainSequence copy = new ChainSequence();
    for (Sequence stage : stages) {
      copy.stages.add(stage.fork(new SequenceSpec(capacity, promptLength)));
    }
    return copy;
  }

  @Override
  public void close() {
    stages.forEach(Sequence::close);
  }
}
