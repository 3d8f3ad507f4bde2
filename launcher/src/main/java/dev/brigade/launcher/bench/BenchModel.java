package dev.brigade.launcher.bench;

import dev.brigade.model.ModelFiles;
import dev.brigade.model.decoder.DecoderShape;
import dev.brigade.model.decoder.WeightUses;
import dev.brigade.model.weights.Weight;
import dev.brigade.spi.engine.EngineException;
import dev.brigade.spi.engine.ModelRef;
import dev.brigade.spi.engine.Shard;
import java.nio.file.Path;

/**
 * The model that is measured with.
 *
 * @param path its folder or file
 * @param ref its name
 * @param layers how many
 * @param width of a row between layers
 * @param vocabulary how many tokens there are
 * @param context most tokens that it takes
 * @param parameters elements of all weights
 */
public record BenchModel(
    Path path, ModelRef ref, int layers, int width, int vocabulary, int context, long parameters) {

  /**
   * Looks at a model.
   *
   * @param id what a person calls it
   */
  public static BenchModel open(String id, Path path) throws EngineException {
    try (ModelFiles files = ModelFiles.open(path)) {
      DecoderShape shape = files.decoder().shape();
      long parameters =
          WeightUses.ofShard(files.decoder(), 0, shape.layers()).keySet().stream()
              .mapToLong(Weight::elements)
              .sum();
      return new BenchModel(
          path,
          files.ref(id),
          shape.layers(),
          shape.width(),
          shape.vocabulary(),
          shape.contextLimit(),
          parameters);
    }
  }

  /** All layers. */
  Shard whole() {
    return new Shard(ref, 0, layers, layers);
  }
}
