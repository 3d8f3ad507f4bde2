package dev.brigade.engine.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.brigade.model.weights.Weight;
import dev.brigade.spi.Cancellation;
import dev.brigade.spi.engine.EngineException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WeightCacheTest {
  private static final Weight MATRIX = Weight.named("matrix", 40, 70);
  private static final Operand OPERAND = new Operand(MATRIX, MATRIX.shape(), Packing.INT4);

  @TempDir private Path folder;

  private List<ByteBuffer> tensors(String fingerprint) throws EngineException {
    return new WeightCache(folder)
        .tensors(fingerprint, OPERAND, new RandomCheckpoint(), Cancellation.none());
  }

  @Test
  void aWeightIsMadeOnceForEachModel() throws Exception {
    List<ByteBuffer> first = tensors("a");
    assertThat(first.get(0).remaining()).isEqualTo(40 * 3 * 16);
    assertThat(first.get(1).remaining()).isEqualTo(40 * 3 * 4);
    assertThat(first.get(2).remaining()).isEqualTo(40 * 2);
    assertThat(tensors("a")).isEqualTo(first);
    assertThat(files()).hasSize(1);
    tensors("b");
    assertThat(files()).hasSize(2);
  }

  @Test
  void aFileOfTheWrongSizeIsMadeAgain() throws Exception {
    tensors("a");
    byte[] whole = Files.readAllBytes(files().get(0));
    Path file = files().get(0);
    // Another file under the same name: what is mapped must not shrink.
    Files.delete(file);
    Files.write(file, new byte[10]);
    tensors("a");
    assertThat(files()).hasSize(1);
    assertThat(Files.readAllBytes(files().get(0))).isEqualTo(whole);
  }

  @Test
  void whatIsCancelledLeavesNoFile() throws Exception {
    assertThatThrownBy(
            () -> new WeightCache(folder).tensors("a", OPERAND, new RandomCheckpoint(), () -> true))
        .isInstanceOf(EngineException.Cancelled.class);
    assertThat(files()).isEmpty();
  }

  @Test
  void aFolderThatCannotBeWrittenIsNamed() throws Exception {
    Path blocked = folder.resolve("file");
    Files.write(blocked, new byte[1]);
    WeightCache cache = new WeightCache(blocked.resolve("below"));
    assertThatThrownBy(
            () -> cache.tensors("a", OPERAND, new RandomCheckpoint(), Cancellation.none()))
        .isInstanceOf(EngineException.DeviceFailure.class)
        .hasMessageContaining(blocked.toString());
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.toList();
    }
  }
}
