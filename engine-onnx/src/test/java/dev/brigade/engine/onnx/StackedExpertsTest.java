package dev.brigade.engine.onnx;

import dev.brigade.spi.Host;
import dev.brigade.spi.engine.InferenceEngine;
import dev.brigade.spi.engine.InferenceEngineProvider;
import dev.brigade.testkit.engine.InferenceEngineContract;
import dev.brigade.testkit.golden.GoldenModel;
import java.util.List;

/** Models of many experts run them by one operator; here those of few do too. */
class StackedExpertsTest extends InferenceEngineContract<OnnxEngineConfig> {

  @Override
  protected InferenceEngineProvider<OnnxEngineConfig> provider() {
    return new InferenceEngineProvider<>() {
      @Override
      public String name() {
        return OnnxEngineProvider.NAME;
      }

      @Override
      public Class<OnnxEngineConfig> configType() {
        return OnnxEngineConfig.class;
      }

      @Override
      public InferenceEngine create(OnnxEngineConfig config, Host host) {
        return new OnnxEngine(config, host, 0);
      }
    };
  }

  @Override
  protected OnnxEngineConfig config() {
    return TestConfigs.cpu();
  }

  @Override
  protected List<GoldenModel> models() {
    return GoldenModel.all().stream().filter(GoldenModel::hasExperts).toList();
  }
}
