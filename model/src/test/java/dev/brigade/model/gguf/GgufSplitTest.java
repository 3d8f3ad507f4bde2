package dev.brigade.model.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.brigade.spi.engine.EngineException.BadModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A model over three files, as gguf-split makes them. */
class GgufSplitTest {
  @TempDir private Path folder;

  @BeforeEach
  void write() throws IOException {
    write(1, 3);
  }

  private Path part(int number) {
    return folder.resolve("big-%05d-of-00003.gguf".formatted(number));
  }

  private void write(float value, int announced) throws IOException {
    for (int number = 1; number <= 3; number++) {
      TestGguf part =
          new TestGguf()
              .with("split.no", number - 1)
              .with("split.count", 3)
              .with("split.tensors.count", announced)
              .withTensor("tensor." + number, new float[] {number, value});
      (number == 1 ? part.with("general.architecture", "llama") : part).write(part(number));
    }
  }

  @Test
  void theFirstFileHasTheTensorsOfAll() throws BadModel {
    try (GgufFile file = GgufFile.open(part(1))) {
      assertThat(file.tensors()).containsOnlyKeys("tensor.1", "tensor.2", "tensor.3");
      assertThat(new GgufValues(file, "llama").floats("tensor.3")).containsExactly(3f, 1f);
      assertThat(file.text("general.architecture")).contains("llama");
    }
  }

  @Test
  void aMissingFileIsNamed() throws IOException {
    Files.delete(part(2));
    assertThatThrownBy(() -> GgufFile.open(part(1)))
        .isInstanceOf(BadModel.class)
        .hasMessageContaining("big-00002-of-00003.gguf is missing");
  }

  @Test
  void anotherThanTheFirstSaysWhichToOpen() {
    assertThatThrownBy(() -> GgufFile.open(part(3)))
        .isInstanceOf(BadModel.class)
        .hasMessageContaining("open big-00001-of-00003.gguf");
  }

  @Test
  void aFileThatLostItsNumberIsToldItsName() throws IOException {
    Path renamed = Files.move(part(1), folder.resolve("big.gguf"));
    assertThatThrownBy(() -> GgufFile.open(renamed))
        .isInstanceOf(BadModel.class)
        .hasMessageContaining("NAME-00001-of-00003.gguf");
  }

  @Test
  void filesOfSeveralModelsAreNotTakenForOne() throws IOException {
    write(1, 7);
    assertThatThrownBy(() -> GgufFile.open(part(1)))
        .isInstanceOf(BadModel.class)
        .hasMessageContaining("should have 7 tensors together, but have 3");
    Files.copy(part(1), folder.resolve("one.gguf"));
    Files.delete(part(2));
    Files.move(folder.resolve("one.gguf"), part(2));
    assertThatThrownBy(() -> GgufFile.open(part(1)))
        .isInstanceOf(BadModel.class)
        .hasMessageContaining("'tensor.1' is in another part already");
  }

  @Test
  void allFilesBelongToTheModel() {
    assertThat(GgufFile.files(part(2))).isEqualTo(List.of(part(1), part(2), part(3)));
    Path single = folder.resolve("big.gguf");
    assertThat(GgufFile.files(single)).containsExactly(single);
  }
}
