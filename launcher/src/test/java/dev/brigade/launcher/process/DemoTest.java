package dev.brigade.launcher.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class DemoTest {

  @Test
  void onceItAnswersWithThreeNodesAndStops() throws Exception {
    try (BrigadeProcess demo =
        BrigadeProcess.start(Map.of(), "demo", "--once", "What is the capital of France?")) {
      assertThat(demo.awaitEnd()).as(demo.output()).isZero();
      assertThat(demo.output())
          .contains("bundled/pocket in 3 stages")
          .containsPattern("demo-[123] has layers 0\\.\\.")
          .contains("The capital of France is Paris.")
          .containsPattern("stage  demo-[123]")
          .contains("tokens at");
    }
  }

  @Test
  void noNodeOutlivesAKilledDemo() throws Exception {
    List<ProcessHandle> others;
    try (BrigadeProcess demo = BrigadeProcess.start(Map.of(), "demo", "Hello!")) {
      Api api = new Api(demo.awaitLine(line -> line.contains("The API stays up at ")));
      assertThat(api.get("/health").isObject()).isTrue();
      others = demo.handle().children().toList();
      assertThat(others).hasSize(2);
      demo.kill();
    }
    for (ProcessHandle other : others) {
      other.onExit().get(30, TimeUnit.SECONDS);
    }
  }
}
