package dev.brigade.launcher.node;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MemoryTrendTest {
  private final MemoryTrend trend = new MemoryTrend(1000);

  @Test
  void whatLastsIsTold() {
    assertThat(trend.read(700)).isEmpty();
    assertThat(trend.read(690)).hasValue(690);
    assertThat(trend.read(690)).isEmpty();
    assertThat(trend.read(690)).isEmpty();
  }

  @Test
  void whatPassesOrIsLittleIsNot() {
    assertThat(trend.read(500)).isEmpty();
    assertThat(trend.read(1100)).isEmpty();
    assertThat(trend.read(500)).isEmpty();
    assertThat(trend.read(1300)).isEmpty();
    assertThat(trend.read(850)).isEmpty();
    assertThat(trend.read(850)).isEmpty();
  }

  @Test
  void whatComesBackIsToldAsWell() {
    trend.read(500);
    trend.read(500);
    assertThat(trend.read(1000)).isEmpty();
    assertThat(trend.read(1000)).hasValue(1000);
  }
}
