package dev.brigade.engine.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.brigade.model.ModelFiles;
import dev.brigade.model.decoder.Decoder;
import dev.brigade.model.decoder.WeightUse;
import dev.brigade.model.decoder.WeightUses;
import dev.brigade.model.weights.Checkpoint;
import dev.brigade.model.weights.Weight;
import dev.brigade.spi.Cancellation;
import dev.brigade.spi.engine.DType;
import dev.brigade.spi.engine.EngineException;
import dev.brigade.spi.engine.ModelRef;
import dev.brigade.spi.engine.Pass;
import dev.brigade.spi.engine.SequenceSpec;
import dev.brigade.spi.engine.Shard;
import dev.brigade.spi.engine.Slice;
import dev.brigade.spi.engine.Tensor;
import dev.brigade.testkit.TestHost;
import dev.brigade.testkit.golden.GoldenModel;
import dev.brigade.testkit.golden.GoldenPrompt;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Quantised matrices of models as small as the golden ones are far from the exact ones, so they are
 * held against f32 arithmetic over the very same rounded matrices. What is left is that ONNX
 * Runtime rounds the other factor to 8 bits.
 */
class QuantisedWeightsTest {

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "F32")
  void anElementMovesByAStepAtMost(Packing packing) {
    SplittableRandom random = new SplittableRandom(7);
    float[] row = new float[3 * Packing.BLOCK + 5];
    for (int i = 0; i < row.length; i++) {
      row[i] = (float) (random.nextDouble() * 2 - 1);
    }
    float[] rounded = RoundedCheckpoint.rounded(row, packing);
    double step = 2.0 / (1 << packing.bits()) * 1.01;
    for (int i = 0; i < row.length; i++) {
      // The end of a symmetric range, or a rounded zero point, may cost another half.
      assertThat((double) Math.abs(rounded[i] - row[i])).isLessThanOrEqualTo(step);
    }
  }

  @Test
  void zerosStayZero() {
    for (Packing packing : List.of(Packing.INT4, Packing.INT4_SYM, Packing.INT8)) {
      assertThat(RoundedCheckpoint.rounded(new float[40], packing)).containsOnly(0);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "llama,INT4",
    "llama,INT4_SYM",
    "llama,INT8",
    "mistral,INT4",
    "phi3,INT4",
    "phi3,INT4_SYM",
    "olmo2,INT4",
    "olmo2,INT8",
    "mixtral,INT4",
    "mixtral,INT4_SYM",
    "gpt_oss,INT4"
  })
  void logitsAreThoseOfTheRoundedMatrices(String name, Packing packing) throws EngineException {
    GoldenModel model = GoldenModel.named(name);
    GoldenPrompt prompt = model.prompts().get(1);
    try (TestHost host = TestHost.create();
        OnnxEngine engine = new OnnxEngine(TestConfigs.cpu(), host);
        ModelFiles files = ModelFiles.open(model.folder())) {
      Decoder decoder = files.decoder();
      Checkpoint exact = files.checkpoint();
      Checkpoint rounded = new RoundedCheckpoint(exact, packing, matrices(decoder));
      float[] quantised = logits(engine, decoder, exact, "exact", packing, prompt);
      float[] expected = logits(engine, decoder, rounded, "rounded", Packing.F32, prompt);
      double largest = 0;
      for (int i = 0; i < expected.length; i++) {
        largest = Math.max(largest, Math.abs(quantised[i] - expected[i]));
      }
      assertThat(largest / prompt.logitDeviation()).isLessThan(0.25);
    }
  }

  private static Set<Weight> matrices(Decoder decoder) {
    return WeightUses.ofShard(decoder, 0, decoder.shape().layers()).entrySet().stream()
        .filter(
            use ->
                use.getValue().equals(Set.of(WeightUse.MATRIX))
                    || use.getValue().equals(Set.of(WeightUse.EXPERTS)))
        .map(Map.Entry::getKey)
        .collect(Collectors.toSet());
  }

  private static float[] logits(
      OnnxEngine engine,
      Decoder decoder,
      Checkpoint checkpoint,
      String fingerprint,
      Packing packing,
      GoldenPrompt prompt)
      throws EngineException {
    int layers = decoder.shape().layers();
    Shard all = new Shard(new ModelRef("golden", "00000000"), 0, layers, layers);
    try (OnnxShard shard =
        engine.load(all, decoder, fingerprint, checkpoint, packing, p -> {}, Cancellation.none())) {
      int count = prompt.ids().size();
      Slice slice = new Slice(shard.open(new SequenceSpec(count, count)), count, 1);
      Tensor out = Tensor.allocate(DType.F32, 1, decoder.shape().vocabulary());
      shard.run(new Pass(List.of(slice), Tensor.ofIds(prompt.idArray())), out, Cancellation.none());
      float[] logits = new float[decoder.shape().vocabulary()];
      out.bytes().asFloatBuffer().get(logits);
      return logits;
    }
  }
}
