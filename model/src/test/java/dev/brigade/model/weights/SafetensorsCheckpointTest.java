package dev.brigade.model.weights;

import static dev.brigade.model.weights.Safetensors.entry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.brigade.spi.engine.DType;
import dev.brigade.spi.engine.EngineException.BadModel;
import dev.brigade.spi.engine.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafetensorsCheckpointTest {
  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void nameFile() {
    file = folder.resolve("model.safetensors");
  }

  @Test
  void aTensorInItsOwnTypeIsAViewOfTheFile() throws BadModel {
    Safetensors.write(file, "{" + entry("w", "F32", "[2,3]", 0, 24) + "}", 6);
    try (Checkpoint checkpoint = SafetensorsCheckpoint.open(folder)) {
      Tensor whole = checkpoint.read(Weight.named("w", 2, 3), DType.F32);
      assertThat(floats(whole)).containsExactly(0, 1, 2, 3, 4, 5);
      assertThat(whole.data()).isInstanceOf(java.nio.MappedByteBuffer.class);
      assertThat(whole.data().isReadOnly()).isTrue();
      Tensor row = checkpoint.read(Weight.named("w", 2, 3).rows(1, 2), DType.F32);
      assertThat(floats(row)).containsExactly(3, 4, 5);
      assertThat(row.data()).isInstanceOf(java.nio.MappedByteBuffer.class);
    }
  }

  @Test
  void metadataPaddingAndEmptyTensorsAreFine() throws BadModel {
    String header =
        "{'__metadata__':{'format':'pt'},"
            + entry("empty", "F32", "[0,4]", 0, 0)
            + ","
            + entry("scalar", "F32", "[]", 0, 4)
            + "}   ";
    Safetensors.write(file, header, 1);
    try (Checkpoint checkpoint = SafetensorsCheckpoint.open(folder)) {
      assertThat(checkpoint.names()).containsExactlyInAnyOrder("empty", "scalar");
      assertThat(floats(checkpoint.read(Weight.named("scalar"), DType.F32))).containsExactly(0);
      assertThat(floats(checkpoint.read(Weight.named("empty", 0, 4), DType.F32))).isEmpty();
    }
  }

  @Test
  void typesAreConvertedWithRounding() throws BadModel {
    byte[] data = {0, 0x3c, (byte) 0xff, 0x7b, (byte) 0x80, 0x3f, 0x49, 0x40};
    String header = "{%s,%s}";
    Safetensors.write(
        file,
        header.formatted(entry("half", "F16", "[2]", 0, 4), entry("brain", "BF16", "[2]", 4, 8)),
        data);
    try (Checkpoint checkpoint = SafetensorsCheckpoint.open(folder)) {
      Weight half = Weight.named("half", 2);
      Weight brain = Weight.named("brain", 2);
      assertThat(floats(checkpoint.read(half, DType.F32))).containsExactly(1, 65504);
      assertThat(floats(checkpoint.read(brain, DType.F32))).containsExactly(1, 3.140625f);
      // 65504 lies between the bf16 65280 and 65536.
      assertThat(checkpoint.read(half, DType.BF16).bytes().getShort(2)).isEqualTo((short) 0x4780);
      assertThat(checkpoint.read(brain, DType.F16).bytes().getShort(2)).isEqualTo((short) 0x4248);
      assertThat(checkpoint.storedType(half)).isEqualTo(DType.F16);
      assertThat(checkpoint.storedType(Weight.concat(java.util.List.of(half, brain))))
          .isEqualTo(DType.F32);
    }
  }

  @Test
  void shardsAreFoundByTheIndex() throws BadModel {
    writeIndex("{'weight_map':{'a':'one.safetensors','b':'two.safetensors'}}");
    Safetensors.write(
        folder.resolve("one.safetensors"), "{" + entry("a", "F32", "[1]", 0, 4) + "}", 1);
    Safetensors.write(
        folder.resolve("two.safetensors"),
        "{%s,%s}".formatted(entry("pad", "F32", "[1]", 0, 4), entry("b", "F32", "[1]", 4, 8)),
        2);
    try (Checkpoint checkpoint = SafetensorsCheckpoint.open(folder)) {
      assertThat(checkpoint.names()).containsExactlyInAnyOrder("a", "b", "pad");
      assertThat(floats(checkpoint.read(Weight.named("b", 1), DType.F32))).containsExactly(1);
    }
  }

  @Test
  void aNodeThatHasSomeOfTheFilesReadsWhatIsInThem() throws BadModel {
    writeIndex("{'weight_map':{'a':'one.safetensors','b':'two.safetensors'}}");
    Safetensors.write(
        folder.resolve("two.safetensors"), "{" + entry("b", "F32", "[1]", 0, 4) + "}", 1);
    Weight here = Weight.named("b", 1);
    Weight elsewhere = Weight.named("a", 1);
    try (Checkpoint checkpoint = SafetensorsCheckpoint.open(folder)) {
      assertThat(checkpoint.names()).containsExactly("a", "b");
      assertThat(floats(checkpoint.read(here, DType.F32))).hasSize(1);
      // The other spelling must not slip in because its file happens to be here.
      assertThatThrownBy(() -> checkpoint.read(Weight.firstOf(elsewhere, here), DType.F32))
          .isInstanceOf(BadModel.class)
          .hasMessageContainingAll("'a'", "one.safetensors", "not there");
    }
  }

  @Test
  void aMissingTensorIsNamed() {
    Safetensors.write(file, "{" + entry("w", "F32", "[1]", 0, 4) + "}", 1);
    assertReadFails(Weight.named("v", 3), "'v'", "[3]", "missing");
  }

  @Test
  void anotherShapeIsNamedWithBothShapes() {
    Safetensors.write(file, "{" + entry("w", "F32", "[2,1]", 0, 8) + "}", 2);
    assertReadFails(Weight.named("w", 1, 2), "'w'", "[2, 1]", "[1, 2]", "model.safetensors");
  }

  @Test
  void aTypeThatIsNoWeightFailsOnlyWhereItIsRead() throws BadModel {
    Safetensors.write(file, "{" + entry("ids", "I64", "[1]", 0, 8) + "}", 2);
    SafetensorsCheckpoint.open(folder).close();
    assertReadFails(Weight.named("ids", 1), "'ids'", "I64", "BF16");
  }

  @Test
  void aFileShorterThanItsHeaderIsTruncated() {
    Safetensors.write(file, new byte[] {1, 2, 3});
    assertOpenFails("model.safetensors", "truncated");
    Safetensors.write(file, new byte[] {100, 0, 0, 0, 0, 0, 0, 0, '{', '}'});
    assertOpenFails("model.safetensors", "truncated", "100");
    Safetensors.write(file, new byte[] {-1, -1, -1, -1, -1, -1, -1, -1, '{', '}'});
    assertOpenFails("model.safetensors", "18446744073709551615");
  }

  @Test
  void aHeaderThatIsNotJsonIsRefused() {
    Safetensors.write(file, "{'w':", 0);
    assertOpenFails("model.safetensors", "JSON");
    Safetensors.write(file, "[1,2]", 0);
    assertOpenFails("model.safetensors", "object");
  }

  @Test
  void aTensorTwiceIsRefused() {
    String twice = entry("w", "F32", "[1]", 0, 4) + "," + entry("w", "F32", "[1]", 4, 8);
    Safetensors.write(file, "{" + twice + "}", 2);
    assertOpenFails("model.safetensors", "Duplicate", "w");
  }

  @Test
  void offsetsBeyondTheFileAreRefused() {
    Safetensors.write(file, "{" + entry("w", "F32", "[4]", 0, 16) + "}", 2);
    assertOpenFails("'w'", "[0, 16]", "8 bytes", "truncated");
  }

  @Test
  void offsetsThatAreNoRangeAreRefused() {
    Safetensors.write(file, "{" + entry("w", "F32", "[1]", 8, 4) + "}", 2);
    assertOpenFails("'w'", "[8, 4]");
    Safetensors.write(file, "{'w':{'dtype':'F32','shape':[1],'data_offsets':[-4,0]}}", 1);
    assertOpenFails("'w'", "data_offsets");
    Safetensors.write(file, "{'w':{'dtype':'F32','shape':[1]}}", 1);
    assertOpenFails("'w'", "data_offsets", "missing");
  }

  @Test
  void aLengthThatDoesNotFitTheShapeIsRefused() {
    Safetensors.write(file, "{" + entry("w", "F16", "[3]", 0, 8) + "}", 2);
    assertOpenFails("'w'", "F16", "[3]", "6 bytes", "8");
    String huge = entry("w", "F32", "[4294967296,4294967296]", 0, 8);
    Safetensors.write(file, "{" + huge + "}", 2);
    assertOpenFails("'w'", "too large");
  }

  @Test
  void overlapsGapsAndTrailingBytesAreRefused() {
    String overlap = entry("a", "F32", "[2]", 0, 8) + "," + entry("b", "F32", "[2]", 4, 12);
    Safetensors.write(file, "{" + overlap + "}", 3);
    assertOpenFails("'b'", "overlaps");
    String gap = entry("a", "F32", "[1]", 0, 4) + "," + entry("b", "F32", "[1]", 8, 12);
    Safetensors.write(file, "{" + gap + "}", 3);
    assertOpenFails("'b'", "gap");
    Safetensors.write(file, "{" + entry("a", "F32", "[1]", 0, 4) + "}", 2);
    assertOpenFails("model.safetensors", "accounts for");
  }

  @Test
  void anUnknownTypeIsRefused() {
    Safetensors.write(file, "{" + entry("w", "F7", "[1]", 0, 4) + "}", 1);
    assertOpenFails("'w'", "F7");
  }

  @Test
  void aFolderWithoutWeightsSaysWhatIsMissing() {
    assertOpenFails("model.safetensors", "model.safetensors.index.json");
  }

  @Test
  void anIndexThatPointsOutsideTheFolderIsRefused() {
    for (String name : new String[] {"../x.safetensors", "/etc/passwd", "a/b", "..", "C:x", ""}) {
      writeIndex("{'weight_map':{'a':'" + name + "'}}");
      assertOpenFails("index.json", "'a'", "plain file name");
    }
    writeIndex("{'weight_map':{'a':'..\\\\x'}}");
    assertOpenFails("index.json", "plain file name");
  }

  @Test
  void anIndexWithoutItsFilesOrTensorsIsRefused() {
    writeIndex("{'weight_map':{'a':'one.safetensors'}}");
    assertReadFails(Weight.named("a", 1), "'a'", "one.safetensors", "not there");
    Safetensors.write(
        folder.resolve("one.safetensors"), "{" + entry("b", "F32", "[1]", 0, 4) + "}", 1);
    assertOpenFails("'a'", "one.safetensors");
    writeIndex("{'weights':{}}");
    assertOpenFails("index.json", "weight_map");
    writeIndex("{");
    assertOpenFails("index.json", "JSON");
  }

  @Test
  void readingAfterCloseIsRefused() throws BadModel {
    Safetensors.write(file, "{" + entry("w", "F32", "[1]", 0, 4) + "}", 1);
    Checkpoint checkpoint = SafetensorsCheckpoint.open(folder);
    checkpoint.close();
    checkpoint.close();
    assertThatThrownBy(() -> checkpoint.read(Weight.named("w", 1), DType.F32))
        .isInstanceOf(IllegalStateException.class);
  }

  private void writeIndex(String json) {
    try {
      Files.writeString(folder.resolve("model.safetensors.index.json"), json.replace('\'', '"'));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private void assertOpenFails(String... parts) {
    assertThatThrownBy(() -> SafetensorsCheckpoint.open(folder))
        .isInstanceOf(BadModel.class)
        .hasMessageContainingAll(parts);
  }

  private void assertReadFails(Weight weight, String... parts) {
    assertThatThrownBy(
            () -> {
              try (Checkpoint checkpoint = SafetensorsCheckpoint.open(folder)) {
                checkpoint.read(weight, DType.F32);
              }
            })
        .isInstanceOf(BadModel.class)
        .hasMessageContainingAll(parts);
  }

  private static float[] floats(Tensor tensor) {
    ByteBuffer bytes = tensor.bytes();
    float[] floats = new float[bytes.remaining() / 4];
    bytes.asFloatBuffer().get(floats);
    return floats;
  }
}
