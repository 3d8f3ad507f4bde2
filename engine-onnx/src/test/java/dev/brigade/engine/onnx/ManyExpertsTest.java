package dev.brigade.engine.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.brigade.model.decoder.Activation;
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
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** One operator for all experts gives what a node for each expert does. */
class ManyExpertsTest {
  private static final int EXPERTS = 40;
  private static final int[] IDS = {3, 14, 15, 9, 26, 5, 35, 8, 9, 7};

  static List<Activation> activations() {
    return List.of(new Activation.Swiglu(), new Activation.ClampedSwiglu(1.702, 0.5));
  }

  @ParameterizedTest
  @MethodSource("activations")
  void exactOnesComputeTheSame(Activation activation) throws EngineException {
    RoutedDecoder decoder = new RoutedDecoder(EXPERTS, 3, 64, 20, activation);
    float[] separate = logits(decoder, new RandomCheckpoint(), Packing.F32, EXPERTS);
    float[] stacked = logits(decoder, new RandomCheckpoint(), Packing.F32, 0);
    assertThat(distance(stacked, separate)).isLessThan(1e-4);
  }

  @ParameterizedTest
  @MethodSource("activations")
  void roundedOnesAreThoseOfTheRoundedMatrices(Activation activation) throws EngineException {
    RoutedDecoder decoder = new RoutedDecoder(EXPERTS, 3, 64, 32, activation);
    Checkpoint rounded =
        new RoundedCheckpoint(new RandomCheckpoint(), Packing.INT8, matrices(decoder));
    float[] expected = logits(decoder, rounded, Packing.F32, EXPERTS);
    float[] quantised = logits(decoder, new RandomCheckpoint(), Packing.INT8, 0);
    assertThat(distance(quantised, expected)).isLessThan(0.05);
    float[] exact = logits(decoder, new RandomCheckpoint(), Packing.F32, EXPERTS);
    assertThat(distance(exact, expected)).isLessThan(0.1);
  }

  private static Set<Weight> matrices(RoutedDecoder decoder) {
    return WeightUses.ofShard(decoder, 0, 1).entrySet().stream()
        .filter(
            use ->
                use.getValue().contains(WeightUse.MATRIX)
                    || use.getValue().contains(WeightUse.EXPERTS))
        .map(Map.Entry::getKey)
        .collect(Collectors.toSet());
  }

  /** Largest difference, in standard deviations. */
  private static double distance(float[] a, float[] b) {
    double largest = 0;
    double squares = 0;
    for (int i = 0; i < a.length; i++) {
      largest = Math.max(largest, Math.abs(a[i] - b[i]));
      squares += (double) b[i] * b[i];
    }
    return largest / Math.sqrt(squares / b.length);
  }

  private static float[] logits(
      RoutedDecoder decoder, Checkpoint checkpoint, Packing packing, int mostSeparateExperts)
      throws EngineException {
    Shard all = new Shard(new ModelRef("routed", "00000000"), 0, 1, 1);
    try (TestHost host = TestHost.create();
        OnnxEngine engine = new OnnxEngine(TestConfigs.cpu(), host, mostSeparateExperts);
        OnnxShard shard =
            engine.load(all, decoder, "x", checkpoint, packing, p -> {}, Cancellation.none())) {
      int vocabulary = decoder.shape().vocabulary();
      Tensor out = Tensor.allocate(DType.F32, IDS.length, vocabulary);
      Slice slice =
          new Slice(shard.open(new SequenceSpec(IDS.length, IDS.length)), IDS.length, IDS.length);
      shard.run(new Pass(List.of(slice), Tensor.ofIds(IDS)), out, Cancellation.none());
      float[] logits = new float[IDS.length * vocabulary];
      out.bytes().asFloatBuffer().get(logits);
      return logits;
    }
  }
}
