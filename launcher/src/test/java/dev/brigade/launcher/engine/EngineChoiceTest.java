package dev.brigade.launcher.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class EngineChoiceTest {

  @Test
  void theFirstChoiceStaysWhileNoneIsClearlyFaster() {
    EngineChoice choice =
        EngineChoice.of(List.of(cpu("ggml", 100, 20), cpu("onnx", 110, 22))).orElseThrow();
    assertThat(choice.engine()).isEqualTo("ggml");
    assertThat(choice.reason())
        .isEqualTo(
            "the first choice on such a machine, and none is clearly faster"
                + " (ggml bf16 on cpu, 2 threads: prefill 100 tokens/s, decode 20.0;"
                + " onnx bf16 on cpu, 2 threads: prefill 110 tokens/s, decode 22.0)");
  }

  @Test
  void anotherOneThatIsClearlyFasterIsTaken() {
    EngineChoice choice =
        EngineChoice.of(List.of(cpu("ggml", 100, 20), cpu("onnx", 100, 40))).orElseThrow();
    assertThat(choice.engine()).isEqualTo("onnx");
    assertThat(choice.reason()).startsWith("1.6 times as fast as ggml here (ggml ");
  }

  @Test
  void oneThatFailedIsPassedOverWithItsReason() {
    EngineChoice choice =
        EngineChoice.of(
                List.of(
                    new EngineTrial.Failed("mlx", "its process ended with status 139"),
                    cpu("ggml", 100, 20)))
            .orElseThrow();
    assertThat(choice.engine()).isEqualTo("ggml");
    assertThat(choice.reason()).contains("mlx passed over: its process ended with status 139");
  }

  @Test
  void oneOnAGpuComesBeforeThoseThatASmallModelFavours() {
    EngineTrial gpu = new EngineTrial.Ran("djl", "", "cuda:0", "bf16", 50, 10);
    EngineChoice choice = EngineChoice.of(List.of(cpu("ggml", 100, 20), gpu)).orElseThrow();
    assertThat(choice.engine()).isEqualTo("djl");
    assertThat(choice.reason()).startsWith("the first choice of those that compute on a GPU");
  }

  @Test
  void nothingIsChosenWhereNothingRan() {
    assertThat(EngineChoice.of(List.of(new EngineTrial.Failed("ggml", "no library")))).isEmpty();
  }

  private static EngineTrial cpu(String engine, double prefill, double decode) {
    return new EngineTrial.Ran(engine, "", "cpu, 2 threads", "bf16", prefill, decode);
  }
}
