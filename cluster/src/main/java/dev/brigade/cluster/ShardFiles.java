package dev.brigade.cluster;

import dev.brigade.spi.Cancellation;
import dev.brigade.spi.Progress;
import dev.brigade.spi.engine.EngineException;
import dev.brigade.spi.engine.Shard;
import java.util.function.Consumer;

/** Brings the files that hold a shard's weights onto this machine. Callable from any thread. */
@FunctionalInterface
public interface ShardFiles {

  /**
   * Returns when the files are there; blocks.
   *
   * @param progress told now and then, from the calling thread
   * @param cancel looked at several times a second
   * @throws RequestException if they are not to be had; says why
   * @throws EngineException.BadModel if what is there makes no sense
   * @throws EngineException.Cancelled if {@code cancel} was triggered
   */
  void fetch(Shard shard, Consumer<Progress> progress, Cancellation cancel)
      throws RequestException, EngineException;

  /** Of a model whose files are all here. */
  static ShardFiles here() {
    return (shard, progress, cancel) -> {};
  }
}
