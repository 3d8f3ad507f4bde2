package dev.brigade.model.weights;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Values from the tables of the Microscaling Formats specification, version 1.0, section 5.3. */
class GroupCodingTest {

  @Test
  void fourBitsAreASignTwoOfExponentAndOneOfMantissa() {
    float[] values = {0, 0.5f, 1, 1.5f, 2, 3, 4, 6};
    for (int code = 0; code < 8; code++) {
      assertThat(GroupCoding.MXFP4.element(code)).isEqualTo(values[code]);
      assertThat(GroupCoding.NVFP4.element(code + 8)).isEqualTo(-values[code]);
    }
  }

  @Test
  void eightBitsAreASignFourOfExponentAndThreeOfMantissa() {
    assertThat(GroupCoding.MXFP8.element(0b0_1111_110)).isEqualTo(448);
    assertThat(GroupCoding.MXFP8.element(0b0_0001_000)).isEqualTo(0x1p-6f);
    assertThat(GroupCoding.MXFP8.element(0b0_0000_111)).isEqualTo(0.875f * 0x1p-6f);
    assertThat(GroupCoding.MXFP8.element(0b1_0000_001)).isEqualTo(-0x1p-9f);
    assertThat(GroupCoding.MXFP8.element(0b0_1111_111)).isNaN();
    Set<Float> all = new HashSet<>();
    for (int code = 0; code < 256; code++) {
      all.add(GroupCoding.MXFP8.element(code));
    }
    // Two zeros differ as boxed floats, and two codes are no number.
    assertThat(all).hasSize(255);
  }

  @Test
  void aScaleIsAPowerOfTwoOrAFloatOfEightBits() {
    assertThat(GroupCoding.MXFP4.scale(127)).isEqualTo(1);
    assertThat(GroupCoding.MXFP8.scale(0)).isEqualTo(0x1p-127f);
    assertThat(GroupCoding.MXFP4.scale(254)).isEqualTo(0x1p127f);
    assertThat(GroupCoding.MXFP4.scale(255)).isNaN();
    assertThat(GroupCoding.NVFP4.scale(0b0_1000_100)).isEqualTo(3);
  }
}
