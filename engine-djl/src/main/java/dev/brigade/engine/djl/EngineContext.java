package dev.brigade.engine.djl;

import ai.djl.pytorch.engine.PtNDManager;
import dev.brigade.model.engine.MemoryBudget;

/** What an engine lends to its shards. */
interface EngineContext {

  TorchDevice device();

  /** Threads that share the work of one operation. */
  int threads();

  /** Most rows that one native call computes; between calls, a pass can be cancelled. */
  int chunkRows();

  MemoryBudget budget();

  /** Makes tensors over buffers in main memory. */
  PtNDManager mainMemory();

  System.Logger log();

  /** Told by a shard that it has freed everything. */
  void closed(DjlShard shard);
}
