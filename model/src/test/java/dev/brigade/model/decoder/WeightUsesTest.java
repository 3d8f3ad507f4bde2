package dev.brigade.model.decoder;

import static org.assertj.core.api.Assertions.assertThat;

import dev.brigade.model.weights.Weight;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class WeightUsesTest {
  private final Weight table = Weight.named("table", 10, 4);
  private final Weight matrix = Weight.named("matrix", 4, 4);
  private final Weight router = Weight.named("router", 3, 4);
  private final Weight norm = Weight.named("norm", 4);

  /** A table that is its own head, and a layer that chooses by scaled scores. */
  private final Decoder decoder =
      new Decoder() {
        @Override
        public DecoderShape shape() {
          return new DecoderShape(1, 4, 10, 8);
        }

        @Override
        public KvShape kv(int layer) {
          return new KvShape(1, 4, 4);
        }

        @Override
        public <T> T embed(TensorOps<T> ops, T ids) {
          return ops.embedding(table, ids);
        }

        @Override
        public <T> T layer(TensorOps<T> ops, int layer, T x) {
          T chosen = ops.topK(ops.scale(ops.linear(x, router), 2), 1).values();
          return ops.multiply(ops.silu(ops.linear(ops.rmsNorm(x, norm, 1e-6), matrix)), chosen);
        }

        @Override
        public <T> T head(TensorOps<T> ops, T x) {
          return ops.linear(x, table);
        }
      };

  @Test
  void aMatrixThatDecidesIsARouter() {
    assertThat(WeightUses.ofShard(decoder, 0, 1))
        .isEqualTo(
            Map.of(
                table, Set.of(WeightUse.TABLE, WeightUse.MATRIX),
                matrix, Set.of(WeightUse.MATRIX),
                router, Set.of(WeightUse.ROUTER),
                norm, Set.of(WeightUse.VECTOR)));
  }

  @Test
  void theCensusSeesTheSameWeights() {
    assertThat(WeightUses.ofShard(decoder, 0, 1).keySet())
        .isEqualTo(WeightCensus.ofShard(decoder, 0, 1));
  }
}
