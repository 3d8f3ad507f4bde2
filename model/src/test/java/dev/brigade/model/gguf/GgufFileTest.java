package dev.brigade.model.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.brigade.model.weights.StoredElements;
import dev.brigade.model.weights.Weight;
import dev.brigade.model.weights.WeightEvaluator;
import dev.brigade.spi.engine.DType;
import dev.brigade.spi.engine.EngineException.BadModel;
import dev.brigade.spi.engine.EngineException.Unsupported;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** {@code types.gguf}: three rows of 512 in every type, quantised by ggml, read by gguf-py. */
class GgufFileTest {
  @TempDir private Path folder;
  private Path path;

  @BeforeEach
  void copy() throws IOException {
    path = folder.resolve("types.gguf");
    try (InputStream in = GgufFileTest.class.getResourceAsStream("types.gguf")) {
      Files.copy(in, path);
    }
  }

  /** All tensors under their own names. */
  private static WeightEvaluator evaluator(GgufFile file) {
    return new WeightEvaluator(
        file.path(),
        new WeightEvaluator.Tensors() {
          @Override
          public boolean has(String name) {
            return file.tensors().containsKey(name);
          }

          @Override
          public StoredElements find(Weight.Named named) {
            return file.tensors().get(named.name()).in(file.mapped());
          }
        });
  }

  private static float[] read(GgufFile file, Weight weight) throws BadModel {
    FloatBuffer floats = evaluator(file).read(weight, DType.F32).bytes().asFloatBuffer();
    float[] values = new float[floats.remaining()];
    floats.get(values);
    return values;
  }

  @ParameterizedTest
  @EnumSource(GgufType.class)
  void everyTypeMeansTheNumbersThatTheReferenceReads(GgufType type) throws BadModel {
    try (GgufFile file = GgufFile.open(path)) {
      assertThat(file.tensors().get(type.name()).type()).isEqualTo(type);
      float[] read = read(file, Weight.named(type.name(), 3, 512));
      assertThat(read)
          .containsExactly(read(file, Weight.named(type + ".floats", 3, 512)), within(1e-6f));
    }
  }

  @ParameterizedTest
  @EnumSource(GgufType.class)
  void partsOfBlocksCanBeRead(GgufType type) throws BadModel {
    try (GgufFile file = GgufFile.open(path)) {
      Weight part = Weight.named(type.name(), 3, 512).slice(1, 7, 301, 3).rows(1, 3);
      Weight expected = Weight.named(type + ".floats", 3, 512).slice(1, 7, 301, 3).rows(1, 3);
      assertThat(read(file, part)).containsExactly(read(file, expected), within(1e-6f));
    }
  }

  @Test
  void aFileThatEndsTooSoonIsRefusedWhereverItEnds() throws IOException {
    byte[] whole = Files.readAllBytes(path);
    for (int length : new int[] {0, 3, 10, 23, 40, 200, 900, whole.length / 2, whole.length - 40}) {
      Path cut = Files.write(folder.resolve("cut.gguf"), Arrays.copyOf(whole, length));
      assertThatThrownBy(() -> GgufFile.open(cut))
          .as("%d bytes", length)
          .isInstanceOf(BadModel.class)
          .hasMessageContaining("cut.gguf");
    }
  }

  @Test
  void absurdCountsAreRefusedBeforeAnythingIsAllocated() throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putInt(0x46554747).putInt(3).putLong(1).putLong(Long.MAX_VALUE);
    Path absurd = Files.write(folder.resolve("absurd.gguf"), bytes.array());
    assertThatThrownBy(() -> GgufFile.open(absurd))
        .isInstanceOf(BadModel.class)
        .hasMessageContaining("9223372036854775807 values");
  }

  @Test
  void whatIsNoGgufFileIsRefused() throws IOException {
    Path other = Files.writeString(folder.resolve("other.gguf"), "{\"model_type\": \"llama\"}");
    assertThatThrownBy(() -> GgufFile.open(other))
        .isInstanceOf(BadModel.class)
        .hasMessageContaining("no GGUF file");
  }

  @Test
  void anUnknownArchitectureIsRefusedByName() {
    assertThatThrownBy(() -> GgufCheckpoint.open(path))
        .isInstanceOf(Unsupported.class)
        .hasMessageContaining("'none'")
        .hasMessageContaining("qwen3moe");
  }
}
