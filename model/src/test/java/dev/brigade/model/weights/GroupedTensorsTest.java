package dev.brigade.model.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.brigade.spi.engine.DType;
import dev.brigade.spi.engine.EngineException.BadModel;
import dev.brigade.spi.engine.Tensor;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Matrices that MLX 0.31 quantised, in groups of 32, beside what it makes of them again. */
class GroupedTensorsTest {
  private final Checkpoint checkpoint = open();

  @AfterEach
  void close() {
    checkpoint.close();
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 5, 6, 8})
  void theNumbersAreThoseOfMlxForAnyNumberOfBits(int bits) throws BadModel {
    Weight weight = weight(bits, 6, 64);
    assertThat(floats(weight)).containsExactly(expected(bits, 6, 64), within(1e-6f));
    GroupedWeight grouped = checkpoint.grouped(weight).orElseThrow();
    assertThat(grouped.bits()).isEqualTo(bits);
    assertThat(grouped.groupSize()).isEqualTo(32);
    assertThat(checkpoint.read(grouped.packed(), DType.I32).shape()).containsExactly(6L, 2L * bits);
    assertThat(checkpoint.read(grouped.scales(), DType.F32).shape()).containsExactly(6L, 2L);
    assertThat(checkpoint.storedType(weight)).isEqualTo(DType.F32);
  }

  @Test
  void aStackIsReadLikeAMatrix() throws BadModel {
    assertThat(floats(weight(4, 3, 6, 64))).containsExactly(expected(4, 3, 6, 64), within(1e-6f));
  }

  @Test
  void rowsAreReadAloneInEitherForm() throws BadModel {
    Weight rows = weight(8, 6, 64).rows(2, 5);
    float[] all = expected(8, 6, 64);
    assertThat(floats(rows)).containsExactly(part(all, 2 * 64, 5 * 64), within(1e-6f));
    GroupedWeight grouped = checkpoint.grouped(rows).orElseThrow();
    Tensor whole =
        checkpoint.read(checkpoint.grouped(weight(8, 6, 64)).orElseThrow().packed(), DType.I32);
    Tensor packed = checkpoint.read(grouped.packed(), DType.I32);
    assertThat(packed.shape()).containsExactly(3L, 16L);
    assertThat(packed.bytes()).isEqualTo(whole.bytes().slice(2 * 16 * 4, 3 * 16 * 4));
  }

  @Test
  void rowsOfEveryMatrixOfAStackStayInGroups() throws BadModel {
    Weight halves = weight(4, 3, 6, 64).slice(1, 3, 6, 1);
    GroupedWeight grouped = checkpoint.grouped(halves).orElseThrow();
    assertThat(checkpoint.read(grouped.packed(), DType.I32).shape()).containsExactly(3L, 3L, 8L);
    float[] all = expected(4, 3, 6, 64);
    assertThat(part(floats(halves), 3 * 64, 6 * 64))
        .containsExactly(part(all, 9 * 64, 12 * 64), within(1e-6f));
  }

  @Test
  void matricesThatAreAlikeStackInGroupsAndOthersDoNot() throws BadModel {
    Weight matrix = weight(8, 6, 64);
    GroupedWeight pair = checkpoint.grouped(Weight.stack(List.of(matrix, matrix))).orElseThrow();
    assertThat(checkpoint.read(pair.scales(), DType.F32).shape()).containsExactly(2L, 6L, 2L);
    Weight mixed = Weight.concat(List.of(matrix, weight(6, 6, 64)));
    assertThat(checkpoint.grouped(mixed)).isEmpty();
    assertThat(part(floats(mixed), 0, 6 * 64)).containsExactly(expected(8, 6, 64), within(1e-6f));
  }

  @Test
  void whatCutsThroughGroupsIsReadElementByElement() throws BadModel {
    Weight transposed = weight(8, 6, 64).transposed();
    assertThat(checkpoint.grouped(transposed)).isEmpty();
    assertThat(floats(transposed)[1]).isEqualTo(floats(weight(8, 6, 64))[64]);
    assertThat(checkpoint.grouped(weight(8, 6, 64).slice(1, 0, 32, 1))).isEmpty();
  }

  @Test
  void aPlainTensorIsInNoGroups() throws BadModel {
    assertThat(checkpoint.grouped(Weight.named("bits8.expected", 6, 64))).isEmpty();
  }

  @Test
  void aShapeThatNoNumberOfBitsExplainsIsRefused() {
    assertThatThrownBy(() -> checkpoint.read(weight(8, 6, 60), DType.F32))
        .isInstanceOf(BadModel.class)
        .hasMessageContainingAll("bits8.weight", "[6, 60]", "16 words and 2 groups");
  }

  @Test
  void theFilesOfScalesAndBiasesAreNeededToo() throws BadModel {
    Map<String, String> files =
        Map.of("q.weight", "1", "q.scales", "2", "q.biases", "3", "norm.weight", "4");
    WeightIndex index = new WeightIndex(Path.of("index.json"), files);
    assertThat(index.filesOf(List.of(Weight.named("q.weight", 6, 64))))
        .containsExactly("1", "2", "3");
    assertThat(index.filesOf(List.of(Weight.named("norm.weight", 64)))).containsExactly("4");
  }

  @Test
  void floatsAreNoWords() {
    assertThatThrownBy(() -> checkpoint.read(Weight.named("bits8.expected", 6, 64), DType.I32))
        .isInstanceOf(BadModel.class)
        .hasMessageContaining("words are U32");
  }

  private static Weight weight(int bits, long... shape) {
    return Weight.named("bits" + bits + ".weight", shape);
  }

  private float[] expected(int bits, long... shape) throws BadModel {
    return floats(Weight.named("bits" + bits + ".expected", shape));
  }

  private float[] floats(Weight weight) throws BadModel {
    float[] values = new float[Math.toIntExact(weight.elements())];
    checkpoint.read(weight, DType.F32).bytes().asFloatBuffer().get(values);
    return values;
  }

  private static float[] part(float[] values, int from, int to) {
    return java.util.Arrays.copyOfRange(values, from, to);
  }

  private static Checkpoint open() {
    try {
      return SafetensorsCheckpoint.open(
          Path.of(GroupedTensorsTest.class.getResource("mlx_groups").toURI()));
    } catch (BadModel | URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }
}
