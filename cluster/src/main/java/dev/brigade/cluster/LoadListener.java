package dev.brigade.cluster;

import dev.brigade.spi.Progress;
import dev.brigade.spi.engine.Shard;

/** Is told how far the loading of a shard on this node is, from a background thread. */
@FunctionalInterface
public interface LoadListener {

  /** Part of the work has been done. */
  void loading(Shard shard, Progress progress);

  /** Looks away. */
  static LoadListener none() {
    return (shard, progress) -> {};
  }
}
