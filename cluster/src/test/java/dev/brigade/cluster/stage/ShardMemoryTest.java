package dev.brigade.cluster.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.brigade.spi.engine.InsufficientMemoryException;
import dev.brigade.spi.engine.ModelRef;
import dev.brigade.spi.engine.Precision;
import dev.brigade.spi.partition.ModelShape;
import java.util.Collections;
import org.junit.jupiter.api.Test;

/** Six layers of 100 weights in four bytes, on a node that may use 2000 bytes. */
class ShardMemoryTest {
  private static final ModelShape MODEL =
      new ModelShape(
          new ModelRef("m", "00000000"),
          8,
          10,
          100,
          Collections.nCopies(6, 100L),
          Collections.nCopies(6, 1L),
          0,
          0,
          false);
  private final MemoryLedger ledger = new MemoryLedger(2000);

  private static ShardMemory.Share take(
      ShardMemory memory, Precision precision, int first, int last)
      throws InsufficientMemoryException {
    return memory.take("layers", MODEL, precision, 4, first, last);
  }

  @Test
  void whatShardsShareCountsOnceAsLongAsOneHasIt() throws Exception {
    ShardMemory memory = new ShardMemory(ledger, true);
    ShardMemory.Share first = take(memory, Precision.F32, 0, 3);
    ShardMemory.Share second = take(memory, Precision.F32, 1, 4);
    assertThat(ledger.reservedBytes()).isEqualTo(1600);
    first.release();
    assertThat(ledger.reservedBytes()).isEqualTo(1200);
    first.release();
    second.release();
    assertThat(ledger.reservedBytes()).isZero();
  }

  @Test
  void whatEnginesKeepForEachShardCountsForEach() throws Exception {
    ShardMemory memory = new ShardMemory(ledger, false);
    take(memory, Precision.F32, 0, 2);
    take(memory, Precision.F32, 0, 2);
    assertThat(ledger.reservedBytes()).isEqualTo(1600);
  }

  @Test
  void otherPrecisionsAreOtherWeights() throws Exception {
    ShardMemory memory = new ShardMemory(ledger, true);
    take(memory, Precision.F32, 0, 2);
    take(memory, Precision.BF16, 0, 2);
    assertThat(ledger.reservedBytes()).isEqualTo(1600);
  }

  @Test
  void whatDoesNotFitIsRefusedWithWhatItWouldAdd() throws Exception {
    ShardMemory memory = new ShardMemory(ledger, true);
    take(memory, Precision.F32, 0, 4);
    assertThatThrownBy(() -> take(memory, Precision.F32, 2, 6))
        .isInstanceOf(InsufficientMemoryException.class)
        .hasMessageContaining("800")
        .hasMessageContaining("400 are");
    assertThat(ledger.reservedBytes()).isEqualTo(1600);
  }

  @Test
  void theRealSizeReplacesTheEstimate() throws Exception {
    ShardMemory memory = new ShardMemory(ledger, true);
    ShardMemory.Share share = take(memory, Precision.F32, 0, 2);
    share.adjust(900);
    take(memory, Precision.F32, 1, 3);
    assertThat(ledger.reservedBytes()).isEqualTo(1300);
    share.release();
    assertThat(ledger.reservedBytes()).isEqualTo(800);
  }
}
