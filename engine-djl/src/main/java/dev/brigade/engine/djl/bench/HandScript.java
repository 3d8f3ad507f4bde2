package dev.brigade.engine.djl.bench;

import dev.brigade.engine.djl.ForeignScript;
import dev.brigade.model.bench.Baseline;
import dev.brigade.spi.engine.EngineException;
import dev.brigade.spi.engine.Tensor;

/** A bound script. */
final class HandScript implements Baseline {
  private final ForeignScript script;

  /** Takes over the script. */
  HandScript(ForeignScript script) {
    this.script = script;
  }

  @Override
  public void append(int[] ids, int start, Tensor logits) throws EngineException {
    script.run(ids, start, logits);
  }

  @Override
  public void close() {
    script.close();
  }
}
