package dev.brigade.model.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.brigade.model.ModelFiles;
import dev.brigade.model.decoder.WeightUses;
import dev.brigade.model.weights.Weight;
import dev.brigade.spi.Progress;
import dev.brigade.spi.engine.DType;
import dev.brigade.spi.engine.Tensor;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RandomModelTest {
  @TempDir Path cache;

  @ParameterizedTest
  @EnumSource(
      value = DType.class,
      names = {"BF16", "F32"})
  void everyWeightOfTheRecipeIsThere(DType type) throws Exception {
    Path folder = new RandomModel(NamedShape.TINY, type, 1).in(cache, step -> {});

    try (ModelFiles files = ModelFiles.open(folder)) {
      int layers = files.decoder().shape().layers();
      for (Weight weight : WeightUses.ofShard(files.decoder(), 0, layers).keySet()) {
        assertThat(files.checkpoint().storedType(weight)).isEqualTo(type);
        FloatBuffer values = files.checkpoint().read(weight, DType.F32).bytes().asFloatBuffer();
        assertThat(values.remaining()).isEqualTo((int) weight.elements());
      }
    }
  }

  @Test
  void matricesAreSmallAndFactorsNearOne() throws Exception {
    Path folder = new RandomModel(NamedShape.TINY, DType.F32, 1).in(cache, step -> {});

    try (ModelFiles files = ModelFiles.open(folder)) {
      Weight matrix = Weight.named("model.layers.1.mlp.up_proj.weight", 768, 256);
      Weight norm = Weight.named("model.layers.1.input_layernorm.weight", 256);
      assertThat(deviation(files.checkpoint().read(matrix, DType.F32), 0)).isBetween(0.019, 0.021);
      assertThat(deviation(files.checkpoint().read(norm, DType.F32), 1)).isBetween(0.015, 0.025);
    }
  }

  private static double deviation(Tensor tensor, double mean) {
    FloatBuffer values = tensor.bytes().asFloatBuffer();
    double sum = 0;
    int count = values.remaining();
    while (values.hasRemaining()) {
      double difference = values.get() - mean;
      sum += difference * difference;
    }
    return Math.sqrt(sum / count);
  }

  @Test
  void theSameSeedGivesTheSameBytesAndAnotherDoesNot() throws Exception {
    byte[] first = weights(cache.resolve("a"), 1);

    assertThat(weights(cache.resolve("b"), 1)).isEqualTo(first);
    assertThat(weights(cache.resolve("c"), 2)).isNotEqualTo(first).hasSameSizeAs(first);
  }

  private static byte[] weights(Path cache, long seed) throws IOException {
    Path folder = new RandomModel(NamedShape.TINY, DType.BF16, seed).in(cache, step -> {});
    return Files.readAllBytes(folder.resolve("model.safetensors"));
  }

  @Test
  void whatIsThereIsUsedAgain() throws Exception {
    RandomModel model = new RandomModel(NamedShape.TINY, DType.BF16, 1);
    List<Progress> first = new ArrayList<>();
    List<Progress> second = new ArrayList<>();

    Path folder = model.in(cache, first::add);

    assertThat(model.in(cache, second::add)).isEqualTo(folder);
    assertThat(first).isNotEmpty().last().satisfies(p -> assertThat(p.done()).isEqualTo(p.total()));
    assertThat(second).isEmpty();
    try (Stream<Path> left = Files.list(cache)) {
      assertThat(left).containsExactly(folder);
    }
  }

  @Test
  void whatFailsHalfWayLeavesNothing() throws Exception {
    RandomModel model = new RandomModel(NamedShape.TINY, DType.BF16, 1);

    assertThatThrownBy(
            () ->
                model.in(
                    cache,
                    step -> {
                      throw new IllegalStateException("enough");
                    }))
        .hasMessage("enough");

    try (Stream<Path> left = Files.list(cache)) {
      assertThat(left).isEmpty();
    }
  }
}
