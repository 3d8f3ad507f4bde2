package dev.brigade.model.weights;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class HalfPrecisionTest {

  @Test
  void everyF16SurvivesTheWayToF32AndBack() {
    for (int bits = 0; bits <= 0xffff; bits++) {
      short half = (short) bits;
      float value = HalfPrecision.fromF16(half);
      if (Float.isNaN(value)) {
        assertThat(HalfPrecision.fromF16(HalfPrecision.toF16(value))).isNaN();
      } else {
        assertThat(HalfPrecision.toF16(value)).isEqualTo(half);
      }
    }
  }

  @Test
  void everyBf16SurvivesTheWayToF32AndBack() {
    for (int bits = 0; bits <= 0xffff; bits++) {
      short brain = (short) bits;
      float value = HalfPrecision.fromBf16(brain);
      if (Float.isNaN(value)) {
        assertThat(HalfPrecision.fromBf16(HalfPrecision.toBf16(value))).isNaN();
      } else {
        assertThat(HalfPrecision.toBf16(value)).isEqualTo(brain);
      }
    }
  }

  @Test
  void knownF16AreRead() {
    assertThat(HalfPrecision.fromF16((short) 0x3c00)).isEqualTo(1f);
    assertThat(HalfPrecision.fromF16((short) 0xc000)).isEqualTo(-2f);
    assertThat(HalfPrecision.fromF16((short) 0x7bff)).isEqualTo(65504f);
    assertThat(HalfPrecision.fromF16((short) 0x0001)).isEqualTo(0x1p-24f);
    assertThat(HalfPrecision.fromF16((short) 0x0400)).isEqualTo(0x1p-14f);
    assertThat(HalfPrecision.fromF16((short) 0x7c00)).isEqualTo(Float.POSITIVE_INFINITY);
  }

  @Test
  void tiesGoToTheEvenF16() {
    assertThat(HalfPrecision.toF16(1 + 0x1p-11f)).isEqualTo((short) 0x3c00);
    assertThat(HalfPrecision.toF16(1 + 3 * 0x1p-11f)).isEqualTo((short) 0x3c02);
    assertThat(HalfPrecision.toF16(0x1p-25f)).isEqualTo((short) 0);
    assertThat(HalfPrecision.toF16(3 * 0x1p-25f)).isEqualTo((short) 2);
    assertThat(HalfPrecision.toF16(65519.996f)).isEqualTo((short) 0x7bff);
    assertThat(HalfPrecision.toF16(65520f)).isEqualTo((short) 0x7c00);
    assertThat(HalfPrecision.toF16(-0f)).isEqualTo((short) 0x8000);
  }

  @Test
  void tiesGoToTheEvenBf16() {
    assertThat(HalfPrecision.toBf16(1 + 0x1p-8f)).isEqualTo((short) 0x3f80);
    assertThat(HalfPrecision.toBf16(1 + 3 * 0x1p-8f)).isEqualTo((short) 0x3f82);
    assertThat(HalfPrecision.toBf16(Float.MAX_VALUE)).isEqualTo((short) 0x7f80);
  }

  @Property
  void noOtherF16IsNearer(@ForAll float value) {
    if (Math.abs(value) < 65520) {
      short chosen = HalfPrecision.toF16(value);
      double distance = Math.abs((double) value - HalfPrecision.fromF16(chosen));
      for (int step : new int[] {-1, 1}) {
        float other = HalfPrecision.fromF16((short) (chosen + step));
        assertThat(Double.isNaN(other) || Math.abs((double) value - other) >= distance).isTrue();
      }
    }
  }

  @Property
  void noOtherBf16IsNearer(@ForAll float value) {
    if (Math.abs(value) < 3e38) {
      short chosen = HalfPrecision.toBf16(value);
      double distance = Math.abs((double) value - HalfPrecision.fromBf16(chosen));
      for (int step : new int[] {-1, 1}) {
        float other = HalfPrecision.fromBf16((short) (chosen + step));
        assertThat(Double.isNaN(other) || Math.abs((double) value - other) >= distance).isTrue();
      }
    }
  }
}
