package dev.brigade.engine.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.brigade.spi.engine.EngineException;
import dev.brigade.spi.engine.Precision;
import dev.brigade.spi.engine.Sequence;
import dev.brigade.spi.engine.Slice;
import java.util.List;
import org.junit.jupiter.api.Test;

class CallPlanTest {

  @Test
  void singleTokensOfNeighboursAreOneCallAndLongSlicesAreCut() throws EngineException {
    try (LoadedModel loaded = new LoadedModel("llama", TestConfigs.cpu(), Precision.F32)) {
      Sequence a = loaded.open(20);
      Sequence b = loaded.open(30);
      Sequence c = loaded.open(25);
      List<Call> calls =
          loaded
              .shard()
              .calls(List.of(new Slice(c, 1, 1), new Slice(b, 7, 3), new Slice(a, 1, 0)), 4);
      assertThat(calls).hasSize(3);
      Call together = calls.get(0);
      assertThat(together.inputRows()).containsExactly(8, Call.NONE, 0);
      assertThat(together.starts()).containsExactly(0, 7, 0);
      assertThat(together.outputRows()).containsExactly(2);
      assertThat(together.outputTargets()).containsExactly(0);
      assertThat(calls.get(1).inputRows()).containsExactly(1, 2, 3, 4);
      assertThat(calls.get(1).outputRows()).isEmpty();
      assertThat(calls.get(2).inputRows()).containsExactly(5, 6, 7);
      assertThat(calls.get(2).starts()).containsExactly(4);
      assertThat(calls.get(2).outputRows()).containsExactly(0, 1, 2);
      assertThat(calls.get(2).outputTargets()).containsExactly(1, 2, 3);
    }
  }

  @Test
  void aSliceWhoseOutputsBeginInAnEarlierChunkLosesNone() throws EngineException {
    try (LoadedModel loaded = new LoadedModel("llama", TestConfigs.cpu(), Precision.F32)) {
      List<Call> calls = loaded.shard().calls(List.of(new Slice(loaded.open(20), 7, 5)), 4);
      assertThat(calls.get(0).outputRows()).containsExactly(2, 3);
      assertThat(calls.get(0).outputTargets()).containsExactly(0, 1);
      assertThat(calls.get(1).outputRows()).containsExactly(0, 1, 2);
      assertThat(calls.get(1).outputTargets()).containsExactly(2, 3, 4);
    }
  }
}
