package dev.brigade.engine.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.brigade.spi.Cancellation;
import dev.brigade.spi.engine.DType;
import dev.brigade.spi.engine.EngineException;
import dev.brigade.spi.engine.Pass;
import dev.brigade.spi.engine.Precision;
import dev.brigade.spi.engine.Sequence;
import dev.brigade.spi.engine.Slice;
import dev.brigade.spi.engine.Tensor;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CancelledRunTest {
  private static final int ROWS = 12_000;

  @Test
  void aNativeCallThatIsUnderWayStops() throws EngineException {
    OnnxEngineConfig oneCall =
        new OnnxEngineConfig(
            Optional.of("cpu"),
            Optional.of(1),
            Optional.empty(),
            Optional.of(ROWS),
            Optional.empty());
    try (LoadedModel loaded = new LoadedModel("llama", oneCall, Precision.F32)) {
      Sequence sequence = loaded.open(ROWS);
      Tensor out = Tensor.allocate(DType.F32, 1, 320);
      Pass pass = new Pass(List.of(new Slice(sequence, ROWS, 1)), Tensor.ofIds(new int[ROWS]));
      // Asked first before the call, where it must not end yet, and then by the timer.
      Cancellation later =
          new Cancellation() {
            private boolean asked;

            @Override
            public synchronized boolean isCancelled() {
              boolean cancelled = asked;
              asked = true;
              return cancelled;
            }
          };
      assertThatThrownBy(() -> loaded.shard().run(pass, out, later))
          .isInstanceOf(EngineException.Cancelled.class);
      assertThat(sequence.length()).isZero();
      assertThat(loaded.feed(sequence, 1, 2, 3)).isNotEmpty();
    }
  }
}
