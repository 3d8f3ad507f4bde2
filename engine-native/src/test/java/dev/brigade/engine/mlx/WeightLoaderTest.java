package dev.brigade.engine.mlx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.brigade.engine.mlx.binding.Grouped;
import dev.brigade.engine.mlx.binding.Mlx;
import dev.brigade.engine.mlx.binding.MlxArray;
import dev.brigade.engine.mlx.binding.MlxType;
import dev.brigade.model.ModelFiles;
import dev.brigade.model.weights.Weight;
import dev.brigade.spi.Cancellation;
import dev.brigade.spi.engine.EngineException;
import dev.brigade.testkit.golden.GoldenModel;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is too large to be copied at once is copied in slices, which nobody can tell afterwards. */
@EnabledWithMlx
class WeightLoaderTest {
  private static final long WHOLE = 1L << 20;
  private static final long SLICED = 5000;

  static List<StoredForm> forms() {
    return List.of(
        new StoredForm.Plain(MlxType.F32),
        new StoredForm.Plain(MlxType.F16),
        new StoredForm.Plain(MlxType.BF16),
        new StoredForm.Groups(Grouped.Mode.AFFINE, 4, 64, MlxType.F32, false),
        new StoredForm.Groups(Grouped.Mode.AFFINE, 8, 64, MlxType.F32, false));
  }

  @ParameterizedTest
  @MethodSource("forms")
  void slicesComeToTheSameAsTheWhole(StoredForm form) throws EngineException {
    long handles = MlxArray.open();
    try (TestEngine test = new TestEngine()) {
      long active = test.activeMemory();
      List<ByteBuffer> whole = load(test.engine().mlx(), form, WHOLE);
      assertThat(load(test.engine().mlx(), form, SLICED)).isEqualTo(whole);
      assertThat(whole.get(0).remaining()).isPositive();
      assertThat(whole.stream().mapToLong(ByteBuffer::remaining).sum()).isEqualTo(bytes(form));
      assertThat(test.activeMemory()).isEqualTo(active);
    }
    assertThat(MlxArray.open()).isEqualTo(handles);
  }

  @ParameterizedTest
  @MethodSource("forms")
  void aCancelledLoadLeavesNothingOfItsSlices(StoredForm form) throws EngineException {
    long handles = MlxArray.open();
    AtomicInteger looks = new AtomicInteger();
    try (TestEngine test = new TestEngine()) {
      long active = test.activeMemory();
      assertThatThrownBy(
              () -> load(test.engine().mlx(), form, SLICED, () -> looks.incrementAndGet() > 2))
          .isInstanceOf(EngineException.Cancelled.class);
      assertThat(test.activeMemory()).isEqualTo(active);
    }
    assertThat(MlxArray.open()).isEqualTo(handles);
  }

  private static long bytes(StoredForm form) {
    return new WeightKey("00000000", table(), form).bytes();
  }

  private static Weight table() {
    return Weight.named("model.embed_tokens.weight", 320, 64);
  }

  private static List<ByteBuffer> load(Mlx mlx, StoredForm form, long sliceBytes)
      throws EngineException {
    return load(mlx, form, sliceBytes, Cancellation.none());
  }

  private static List<ByteBuffer> load(
      Mlx mlx, StoredForm form, long sliceBytes, Cancellation cancel) throws EngineException {
    WeightLoader loader = new WeightLoader(new ArrayLoader(mlx, Mlx.Device.CPU, sliceBytes));
    WeightKey key = new WeightKey("00000000", table(), form);
    try (ModelFiles files = ModelFiles.open(GoldenModel.named("llama").folder());
        HeldWeight held = loader.load(files.checkpoint(), key, cancel)) {
      return held instanceof HeldWeight.Plain plain
          ? List.of(copy(plain.array()))
          : copies((HeldWeight.Groups) held);
    }
  }

  private static List<ByteBuffer> copies(HeldWeight.Groups held) {
    return held.arrays().arrays().stream().map(WeightLoaderTest::copy).toList();
  }

  private static ByteBuffer copy(MlxArray array) {
    ByteBuffer copy = ByteBuffer.allocate(Math.toIntExact(array.bytes()));
    array.copyTo(copy);
    return copy.flip();
  }
}
