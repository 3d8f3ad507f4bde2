package dev.brigade.engine.djl.bench;

import dev.brigade.engine.djl.DjlEngineConfig;
import dev.brigade.engine.djl.ForeignScript;
import dev.brigade.model.ModelFiles;
import dev.brigade.model.bench.Baseline;
import dev.brigade.model.bench.BaselineProvider;
import dev.brigade.model.bench.BaselineWork;
import dev.brigade.model.bench.PlainLlama;
import dev.brigade.spi.Host;
import dev.brigade.spi.Progress;
import dev.brigade.spi.engine.DType;
import dev.brigade.spi.engine.EngineException;
import java.util.function.Consumer;

/** Makes Llamas of hand-written TorchScript. */
public final class HandScriptProvider implements BaselineProvider<DjlEngineConfig> {

  /** For {@link java.util.ServiceLoader}. */
  public HandScriptProvider() {}

  @Override
  public String engine() {
    return "djl";
  }

  @Override
  public String description() {
    return "TorchScript by hand";
  }

  @Override
  public Class<DjlEngineConfig> configType() {
    return DjlEngineConfig.class;
  }

  @Override
  public Baseline start(
      DjlEngineConfig config, Host host, BaselineWork work, Consumer<Progress> progress)
      throws EngineException {
    DType type =
        ForeignScript.type(work.precision())
            .orElseThrow(() -> new EngineException.Unsupported("not in " + work.precision()));
    try (ModelFiles files = ModelFiles.open(work.model())) {
      PlainLlama llama = PlainLlama.of(files);
      ForeignScript script = new ForeignScript(LlamaScript.text(llama, work.capacity()), config);
      try {
        script.bind(files.checkpoint(), LlamaScript.weights(llama), type, progress);
        return new HandScript(script);
      } catch (EngineException | RuntimeException e) {
        script.close();
        throw e;
      }
    }
  }
}
