package dev.brigade.engine.mlx;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class MemoryLimitsTest {
  private static final long GIB = 1L << 30;

  @Test
  void anEighthOfTheBudgetAndAtMostOneGibibyteIsKeptForArraysToCome() {
    assertThat(limits(4 * GIB, OptionalLong.empty()).cache()).isEqualTo(GIB / 2);
    assertThat(limits(64 * GIB, OptionalLong.empty()).cache()).isEqualTo(GIB);
  }

  @Test
  void theConfigMaySayHowMuchIsKept() {
    MlxEngineConfig config =
        new MlxEngineConfig(Optional.empty(), Optional.empty(), Optional.empty(), Optional.of(7L));
    assertThat(MemoryLimits.of(config, GIB, OptionalLong.empty()).cache()).isEqualTo(7);
  }

  @Test
  void aGpuKeepsTheBudgetResidentAndNoMoreThanItShould() {
    assertThat(limits(4 * GIB, OptionalLong.of(8 * GIB)).wired()).hasValue(4 * GIB);
    assertThat(limits(16 * GIB, OptionalLong.of(8 * GIB)).wired()).hasValue(8 * GIB);
    assertThat(limits(16 * GIB, OptionalLong.empty()).wired()).isEmpty();
  }

  private static MemoryLimits limits(long budget, OptionalLong recommended) {
    return MemoryLimits.of(MlxEngineConfig.defaults(), budget, recommended);
  }
}
