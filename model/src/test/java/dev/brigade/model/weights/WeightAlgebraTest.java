package dev.brigade.model.weights;

import static dev.brigade.model.weights.Safetensors.entry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.brigade.spi.engine.DType;
import dev.brigade.spi.engine.EngineException.BadModel;
import dev.brigade.spi.engine.Tensor;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The file has {@code m = [[0 1 2] [3 4 5]]} and {@code s [2, 2, 3]} counted up from 6. */
class WeightAlgebraTest {
  private static final Weight M = Weight.named("m", 2, 3);
  private static final Weight S = Weight.named("s", 2, 2, 3);
  private static final Weight ABSENT = Weight.named("absent", 2, 3);

  @TempDir static Path folder;
  private Checkpoint checkpoint;

  @BeforeEach
  void open() throws BadModel {
    String header = entry("m", "F32", "[2,3]", 0, 24) + "," + entry("s", "F32", "[2,2,3]", 24, 72);
    Safetensors.write(folder.resolve("model.safetensors"), "{" + header + "}", 18);
    checkpoint = SafetensorsCheckpoint.open(folder);
  }

  @AfterEach
  void close() {
    checkpoint.close();
  }

  @Test
  void rows() {
    assertWeight(M.rows(1, 2), List.of(1L, 3L), 3, 4, 5);
  }

  @Test
  void everySecondColumn() {
    assertWeight(M.slice(1, 0, 3, 2), List.of(2L, 2L), 0, 2, 3, 5);
  }

  @Test
  void transposed() {
    assertWeight(M.transposed(), List.of(3L, 2L), 0, 3, 1, 4, 2, 5);
    assertWeight(S.transposed(), List.of(2L, 3L, 2L), 6, 9, 7, 10, 8, 11, 12, 15, 13, 16, 14, 17);
  }

  @Test
  void interleavedRowsOfATransposedStack() {
    assertWeight(
        S.transposed().slice(1, 0, 3, 2), List.of(2L, 2L, 2L), 6, 9, 8, 11, 12, 15, 14, 17);
  }

  @Test
  void oneMatrixOfAStack() {
    assertWeight(S.entry(1), List.of(2L, 3L), 12, 13, 14, 15, 16, 17);
    assertWeight(S.transposed().entry(0).rows(1, 3), List.of(2L, 2L), 7, 10, 8, 11);
    assertWeight(
        Weight.concat(List.of(S.entry(1), S.entry(0).rows(0, 1))),
        List.of(3L, 3L),
        12,
        13,
        14,
        15,
        16,
        17,
        6,
        7,
        8);
    assertWeight(
        Weight.stack(List.of(M, M.plus(10))).entry(1).rows(0, 1), List.of(1L, 3L), 10, 11, 12);
    assertWeight(
        Weight.concat(List.of(S, S.rows(1, 2))).entry(2), List.of(2L, 3L), 12, 13, 14, 15, 16, 17);
  }

  @Test
  void plus() {
    assertWeight(M.rows(0, 1).plus(1), List.of(1L, 3L), 1, 2, 3);
    assertWeight(M.plus(1).plus(0.5).rows(0, 1), List.of(1L, 3L), 1.5f, 2.5f, 3.5f);
  }

  @Test
  void stacked() {
    Weight stack = Weight.stack(List.of(M, M.plus(10)));
    assertWeight(stack, List.of(2L, 2L, 3L), 0, 1, 2, 3, 4, 5, 10, 11, 12, 13, 14, 15);
    assertWeight(stack.rows(1, 2), List.of(1L, 2L, 3L), 10, 11, 12, 13, 14, 15);
    assertWeight(stack.slice(1, 1, 2, 1), List.of(2L, 1L, 3L), 3, 4, 5, 13, 14, 15);
    assertWeight(stack.transposed(), List.of(2L, 3L, 2L), 0, 3, 1, 4, 2, 5, 10, 13, 11, 14, 12, 15);
    assertWeight(stack.plus(1), List.of(2L, 2L, 3L), 1, 2, 3, 4, 5, 6, 11, 12, 13, 14, 15, 16);
  }

  @Test
  void joined() {
    Weight five = Weight.concat(List.of(M, M.rows(1, 2), M.plus(10)));
    assertWeight(five.rows(1, 4), List.of(3L, 3L), 3, 4, 5, 3, 4, 5, 10, 11, 12);
    assertWeight(five.slice(0, 0, 5, 2), List.of(3L, 3L), 0, 1, 2, 3, 4, 5, 13, 14, 15);
    assertWeight(five.slice(0, 1, 5, 3), List.of(2L, 3L), 3, 4, 5, 13, 14, 15);
    assertWeight(five.slice(1, 2, 3, 1), List.of(5L, 1L), 2, 5, 5, 12, 15);
  }

  @Test
  void theFirstAlternativeThatIsThere() {
    assertWeight(Weight.firstOf(ABSENT, M), List.of(2L, 3L), 0, 1, 2, 3, 4, 5);
    assertWeight(Weight.firstOf(ABSENT, M).rows(1, 2).plus(1), List.of(1L, 3L), 4, 5, 6);
    Weight incomplete = Weight.stack(List.of(M, ABSENT));
    assertWeight(
        Weight.firstOf(incomplete, S),
        List.of(2L, 2L, 3L),
        6,
        7,
        8,
        9,
        10,
        11,
        12,
        13,
        14,
        15,
        16,
        17);
  }

  @Test
  void ofAlternativesThatAreAllMissingTheUsualOneIsNamed() {
    Weight lost = Weight.firstOf(ABSENT, Weight.named("unheard_of", 2, 3));
    assertThatThrownBy(() -> checkpoint.read(lost, DType.F32))
        .isInstanceOf(BadModel.class)
        .hasMessageContaining("'absent'");
  }

  @Test
  void weightsThatMakeNoSenseAreRefused() {
    assertThatThrownBy(() -> M.rows(1, 3)).hasMessageContaining("[2, 3]");
    assertThatThrownBy(() -> M.slice(2, 0, 1, 1)).hasMessageContaining("dimension 2");
    assertThatThrownBy(() -> Weight.named("v", 3).transposed()).hasMessageContaining("[3]");
    assertThatThrownBy(() -> Weight.stack(List.of(M, S))).hasMessageContaining("[2, 2, 3]");
    assertThatThrownBy(() -> Weight.concat(List.of(M, M.transposed())))
        .hasMessageContaining("[3, 2]");
    assertThatThrownBy(() -> Weight.firstOf(M, S)).hasMessageContaining("[2, 2, 3]");
  }

  private void assertWeight(Weight weight, List<Long> shape, float... expected) {
    try {
      Tensor tensor = checkpoint.read(weight, DType.F32);
      assertThat(weight.shape()).isEqualTo(shape);
      assertThat(tensor.shape()).isEqualTo(shape);
      float[] values = new float[expected.length];
      tensor.bytes().asFloatBuffer().get(values);
      assertThat(values).containsExactly(expected);
      // The same through 16 bits, which hold these numbers exactly.
      for (DType type : List.of(DType.F16, DType.BF16)) {
        assertThat(checkpoint.read(weight, type).shape()).isEqualTo(shape);
      }
    } catch (BadModel e) {
      throw new AssertionError(e);
    }
  }
}
