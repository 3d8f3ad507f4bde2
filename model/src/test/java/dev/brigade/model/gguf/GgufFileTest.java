package dev.brigade.model.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.brigade.model.weights.BlockType;
import dev.brigade.model.weights.BlockWeight;
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
import java.util.List;
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
            return file.tensors().get(named.name()).stored();
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

  private static final Weight TWICE_OUT_OF_ORDER =
      Weight.concat(
          List.of(
              Weight.named("Q8_0", 3, 512).slice(0, 0, 3, 2),
              Weight.named("Q8_0", 3, 512).rows(1, 3)));

  /** Reads blocks one by one. */
  private static float[] decoded(BlockWeight weight, int bytesAtOnce) throws IOException {
    GgufType.Quantised type = GgufType.of(weight.type().code()).orElseThrow().quantised().get();
    int elements = Math.toIntExact(weight.shape().stream().reduce(1L, Math::multiplyExact));
    ByteBuffer all = ByteBuffer.allocate(Math.toIntExact(weight.bytes()));
    for (int at = 0; at < all.capacity(); at += bytesAtOnce) {
      all.put(weight.slice(at, Math.min(all.capacity(), at + bytesAtOnce)));
    }
    all.order(ByteOrder.LITTLE_ENDIAN);
    float[] values = new float[elements];
    for (int i = 0; i < elements / type.type().elements(); i++) {
      int each = type.type().elements();
      type.decoder().decode(all, i * type.type().bytes(), values, i * each);
    }
    return values;
  }

  @ParameterizedTest
  @EnumSource(BlockType.class)
  void blocksAreHandedOnAsTheFileHasThem(BlockType type) throws BadModel, IOException {
    try (GgufFile file = GgufFile.open(path)) {
      Weight whole = Weight.named(type.name(), 3, 512);
      Weight part = whole.rows(1, 3).slice(1, 256, 512, 1);
      for (Weight weight : List.of(whole, whole.rows(1, 2), part)) {
        BlockWeight blocks = evaluator(file).blocks(weight).orElseThrow();
        assertThat(blocks.type()).isEqualTo(type);
        assertThat(blocks.shape()).isEqualTo(weight.shape());
        assertThat(blocks.mapped().isPresent()).isEqualTo(weight != part);
        assertThat(decoded(blocks, 100)).containsExactly(read(file, weight));
      }
    }
  }

  @Test
  void rowsOfBlocksCanBeReordered() throws BadModel, IOException {
    try (GgufFile file = GgufFile.open(path)) {
      BlockWeight blocks = evaluator(file).blocks(TWICE_OUT_OF_ORDER).orElseThrow();
      assertThat(blocks.mapped()).isEmpty();
      for (int bytesAtOnce : new int[] {7, 544, 600, 5000}) {
        assertThat(decoded(blocks, bytesAtOnce)).containsExactly(read(file, TWICE_OUT_OF_ORDER));
      }
    }
  }

  @Test
  void whatIsNotMadeOfWholeBlocksOfOneTypeIsNotHandedOnInBlocks() throws BadModel {
    try (GgufFile file = GgufFile.open(path)) {
      Weight q8 = Weight.named("Q8_0", 3, 512);
      Weight mixed = Weight.concat(List.of(q8, Weight.named("Q4_K", 3, 512)));
      for (Weight weight :
          List.of(
              q8.slice(1, 16, 48, 1),
              q8.slice(1, 0, 64, 2),
              q8.transposed(),
              q8.plus(1),
              mixed,
              Weight.named("F16", 3, 512))) {
        assertThat(evaluator(file).blocks(weight)).as("%s", weight).isEmpty();
      }
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
