package dev.brigade.engine.mlx.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.brigade.engine.mlx.MlxEngineConfig;
import dev.brigade.engine.mlx.MlxEngineProvider;
import dev.brigade.model.bench.Baseline;
import dev.brigade.model.bench.BaselineWork;
import dev.brigade.model.bench.NamedShape;
import dev.brigade.model.bench.RandomModel;
import dev.brigade.spi.engine.DType;
import dev.brigade.spi.engine.InferenceEngine;
import dev.brigade.spi.engine.Precision;
import dev.brigade.spi.engine.Tensor;
import dev.brigade.testkit.TestHost;
import dev.brigade.testkit.engine.ChainSequence;
import dev.brigade.testkit.engine.ShardChain;
import java.nio.file.Path;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BareLlamaTest {
  private static final int[] PROMPT = {5, 17, 3, 900};
  private static final int NEXT = 44;
  private static final int CAPACITY = 16;

  static boolean mlxIsHere() {
    return new MlxEngineProvider().unavailable().isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"f32, 1e-3", "bf16, 0.05"})
  @EnabledIf("mlxIsHere")
  void theBaselineComputesWhatTheEngineDoes(String name, float error) throws Exception {
    Precision precision = new Precision(name);
    try (TestHost host = TestHost.create();
        InferenceEngine engine = new MlxEngineProvider().create(MlxEngineConfig.defaults(), host)) {
      Path model = new RandomModel(NamedShape.TINY, DType.BF16, 1).in(host.cache(), step -> {});
      BaselineWork work = new BaselineWork(model, precision, CAPACITY, PROMPT.length);
      try (ShardChain chain = ShardChain.load(engine, model, precision);
          ChainSequence sequence = chain.open(CAPACITY, PROMPT.length);
          Baseline baseline =
              new BareLlamaProvider().start(MlxEngineConfig.defaults(), host, work, step -> {})) {
        Tensor logits = Tensor.allocate(DType.F32, 1, chain.shape().vocabulary());
        chain.feed(sequence, List.of(5, 17, 3, 900));
        float[] expected = chain.feed(sequence, List.of(NEXT));

        baseline.append(PROMPT, 0, logits);
        baseline.append(new int[] {NEXT}, PROMPT.length, logits);

        float[] found = new float[expected.length];
        logits.bytes().asFloatBuffer().get(found);
        assertThat(found).containsExactly(expected, Offset.offset(error));
      }
    }
  }
}
