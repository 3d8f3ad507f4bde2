package dev.brigade.engine.onnx;

import dev.brigade.model.engine.MemoryBudget;
import dev.brigade.spi.Timer;

/** What an engine lends to its shards. */
interface EngineContext {

  /** Most rows that one native call computes; between calls, a pass can be cancelled. */
  int chunkRows();

  MemoryBudget budget();

  Timer timer();

  /** Told by a shard that it has freed everything. */
  void closed(OnnxShard shard);
}
