package dev.brigade.engine.ggml;

import dev.brigade.spi.engine.InferenceEngineProvider;
import dev.brigade.spi.engine.Precision;
import dev.brigade.testkit.engine.Fidelity;
import dev.brigade.testkit.engine.InferenceEngineContract;
import dev.brigade.testkit.golden.GoldenModel;
import java.util.List;

/**
 * In bf16, the families without experts choose the same tokens wherever one leads clearly. In those
 * with experts, rounding sends tokens of the prompt elsewhere, after which no logit is comparable.
 */
class GgmlEngineBf16Test extends InferenceEngineContract<GgmlEngineConfig> {

  @Override
  protected InferenceEngineProvider<GgmlEngineConfig> provider() {
    return new GgmlEngineProvider();
  }

  @Override
  protected GgmlEngineConfig config() {
    return TestConfigs.single();
  }

  @Override
  protected Precision precision() {
    return new Precision("bf16");
  }

  @Override
  protected Fidelity fidelity() {
    // Eight bits of mantissa, and hidden states of size 2: f16 is eight times as close.
    return new Fidelity(0.25, 0.25, 0.03, 0.2);
  }

  @Override
  protected List<GoldenModel> models() {
    return GoldenModel.all().stream().filter(model -> !model.hasExperts()).toList();
  }
}
