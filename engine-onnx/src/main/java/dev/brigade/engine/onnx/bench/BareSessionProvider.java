package dev.brigade.engine.onnx.bench;

import dev.brigade.engine.onnx.GraphExport;
import dev.brigade.engine.onnx.OnnxEngineConfig;
import dev.brigade.model.bench.Baseline;
import dev.brigade.model.bench.BaselineProvider;
import dev.brigade.model.bench.BaselineWork;
import dev.brigade.spi.Host;
import dev.brigade.spi.Progress;
import dev.brigade.spi.engine.EngineException;
import java.util.function.Consumer;

/** Makes bare sessions. */
public final class BareSessionProvider implements BaselineProvider<OnnxEngineConfig> {

  /** For {@link java.util.ServiceLoader}. */
  public BareSessionProvider() {}

  @Override
  public String engine() {
    return "onnx";
  }

  @Override
  public String description() {
    return "bare session of the same graph";
  }

  @Override
  public Class<OnnxEngineConfig> configType() {
    return OnnxEngineConfig.class;
  }

  @Override
  public Baseline start(
      OnnxEngineConfig config, Host host, BaselineWork work, Consumer<Progress> progress)
      throws EngineException {
    GraphExport export = GraphExport.of(work.model(), work.precision(), host, progress);
    try {
      return BareSession.start(export, config, work);
    } catch (EngineException | RuntimeException e) {
      export.close();
      throw e;
    }
  }
}
