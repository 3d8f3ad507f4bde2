package dev.brigade.cluster.measure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.brigade.spi.engine.DType;
import dev.brigade.spi.engine.EngineProfile;
import dev.brigade.spi.engine.Precision;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RateMeterTest {
  private static final EngineProfile PROFILE =
      new EngineProfile(
          "test",
          "cpu",
          List.of(new EngineProfile.Cost(Precision.F32, 4, 4, DType.F32, Map.of())),
          Set.of(DType.F32),
          1,
          0);
  private static final long GB = 1_000_000_000;

  private final RateMeter meter = new RateMeter(PROFILE, plan -> Optional.empty(), () -> {});

  /** How often the rate was so new that it should be announced. */
  private int passes(int count, long bytes, long millis) {
    int news = 0;
    for (int i = 0; i < count; i++) {
      news += meter.passed(Precision.F32, bytes, Duration.ofMillis(millis)) ? 1 : 0;
    }
    return news;
  }

  @Test
  void aRateIsToldOnceThereAreEnoughPassesAndAgainOnlyWhenItHasChanged() {
    assertThat(passes(RateMeter.PASSES - 1, GB, 100)).isZero();
    assertThat(passes(1, GB, 100)).isOne();
    assertThat(meter.rates()).containsEntry(Precision.F32, 10e9);
    assertThat(passes(100, GB, 110)).isZero();
    assertThat(passes(100, GB, 200)).isOne();
    assertThat(meter.rates()).containsEntry(Precision.F32, 5e9);
  }

  @Test
  void oneSlowPassIsNoSlowDevice() {
    passes(RateMeter.PASSES, GB, 100);
    assertThat(passes(3, GB, 5000)).isZero();
  }

  @Test
  void smallShardsSayNothingAndNothingBesideLargerOnes() {
    assertThat(passes(100, RateMeter.LEAST_BYTES - 1, 1)).isZero();
    passes(RateMeter.PASSES, GB, 100);
    assertThat(passes(100, GB / 3, 100)).isZero();
  }
}
