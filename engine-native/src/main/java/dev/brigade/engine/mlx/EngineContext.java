package dev.brigade.engine.mlx;

import dev.brigade.engine.mlx.binding.Mlx;
import dev.brigade.model.engine.MemoryBudget;

/** What an engine lends to its shards. */
interface EngineContext {

  Mlx mlx();

  /** Where to compute. */
  Mlx.Device device();

  /** Most rows that are recorded and evaluated at once; in between, a pass can be cancelled. */
  int chunkRows();

  MemoryBudget budget();

  /** Told by a shard that it has freed everything. */
  void closed(MlxShard shard);
}
