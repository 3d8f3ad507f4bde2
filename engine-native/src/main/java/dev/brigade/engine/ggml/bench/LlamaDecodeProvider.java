package dev.brigade.engine.ggml.bench;

import dev.brigade.engine.ggml.GgmlEngineConfig;
import dev.brigade.engine.ggml.LlamaLibrary;
import dev.brigade.model.bench.Baseline;
import dev.brigade.model.bench.BaselineProvider;
import dev.brigade.model.bench.BaselineWork;
import dev.brigade.spi.Host;
import dev.brigade.spi.Progress;
import dev.brigade.spi.engine.EngineException;
import java.nio.file.Path;
import java.util.function.Consumer;

/** Makes baselines of llama.cpp. */
public final class LlamaDecodeProvider implements BaselineProvider<GgmlEngineConfig> {

  /** For {@link java.util.ServiceLoader}. */
  public LlamaDecodeProvider() {}

  @Override
  public String engine() {
    return "ggml";
  }

  @Override
  public String description() {
    return "llama_decode of the same library";
  }

  @Override
  public Class<GgmlEngineConfig> configType() {
    return GgmlEngineConfig.class;
  }

  @Override
  public Baseline start(
      GgmlEngineConfig config, Host host, BaselineWork work, Consumer<Progress> progress)
      throws EngineException {
    LlamaLibrary library = LlamaLibrary.open(config, host);
    Path file =
        new LlamaFile(work.model(), work.precision()).in(host.cache().resolve("bench"), progress);
    return LlamaDecode.load(library, file, work.capacity());
  }
}
