package dev.brigade.launcher.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class TimingTest {

  @Test
  void theMiddleOneCountsAndTheRestIsTold() {
    assertThat(Spread.of(5, 1, 3)).isEqualTo(new Spread(3, 1, 5));
    assertThat(Spread.of(4, 1, 3, 2)).isEqualTo(new Spread(2.5, 1, 4));
    assertThat(Spread.of(7)).isEqualTo(new Spread(7, 7, 7));
    assertThat(Spread.of(90, 110, 100).relative()).isEqualTo(0.1);
  }

  @Test
  void aRatioAboveOneIsFaster() {
    Timing fast = timing(100, 1, 2, 1);
    Timing slow = timing(100, 2, 2, 3);

    Spread ratio = fast.ratio(slow);

    assertThat(fast.tokensPerSecond()).isEqualTo(new Spread(100, 50, 100));
    assertThat(ratio).isEqualTo(new Spread(2, 1, 3));
    assertThat(slow.ratio(fast).median()).isCloseTo(0.5, within(1e-9));
    assertThat(fast.processorRatio(slow)).hasValue(2);
  }

  @Test
  void whatIsShorterThanTheSystemCountsHasNoRatio() {
    assertThat(timing(100, 0.01).processorRatio(timing(100, 0.02))).isEmpty();
  }

  private static Timing timing(int tokens, double... seconds) {
    return new Timing(
        tokens, Arrays.stream(seconds).mapToObj(s -> new Timing.Sample(s, 2 * s)).toList());
  }
}
