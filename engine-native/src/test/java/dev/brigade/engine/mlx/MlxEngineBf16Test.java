package dev.brigade.engine.mlx;

import dev.brigade.spi.engine.InferenceEngineProvider;
import dev.brigade.spi.engine.Precision;
import dev.brigade.testkit.engine.Fidelity;
import dev.brigade.testkit.engine.InferenceEngineContract;
import dev.brigade.testkit.golden.GoldenModel;
import java.util.List;

/**
 * In bf16, the families without experts choose the same tokens wherever one leads clearly. Those
 * with experts cannot be asked to: rounding the weights of so small a model to bf16 sends tokens to
 * other experts even if all arithmetic is exact.
 */
@EnabledWithMlx
class MlxEngineBf16Test extends InferenceEngineContract<MlxEngineConfig> {

  @Override
  protected InferenceEngineProvider<MlxEngineConfig> provider() {
    return new MlxEngineProvider();
  }

  @Override
  protected MlxEngineConfig config() {
    return TestConfigs.cpu();
  }

  @Override
  protected Precision precision() {
    return Precision.BF16;
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
