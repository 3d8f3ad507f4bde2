package dev.brigade.cluster;

import dev.brigade.model.ModelFiles;
import dev.brigade.model.config.GenerationDefaults;
import dev.brigade.model.config.ModelConfig;
import dev.brigade.model.text.IncrementalText;
import dev.brigade.spi.engine.EngineException;
import dev.brigade.spi.engine.ModelRef;
import dev.brigade.spi.engine.Precision;
import dev.brigade.spi.partition.ModelShape;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * A model that a node can serve: its files and what is known from them.
 *
 * @param ref id and fingerprint
 * @param shape what it costs
 * @param path folder or file that engines load from
 * @param stored the precision that its weights are stored in
 * @param generation how it is sampled unless a request says otherwise, and where it stops
 * @param text makes, for each request, what turns its ids into text; {@link IncrementalText#none()}
 *     for a model without tokenizer
 * @param weights brings a shard's weights here, before an engine loads them
 */
public record ServedModel(
    ModelRef ref,
    ModelShape shape,
    Path path,
    Precision stored,
    GenerationDefaults generation,
    Supplier<IncrementalText> text,
    ShardFiles weights) {

  /**
   * A model from its files, which are all there.
   *
   * @param id what a person calls it
   * @throws EngineException.BadModel if the weights' files are missing, or the config makes no
   *     sense
   */
  public static ServedModel of(String id, ModelFiles files, Supplier<IncrementalText> text)
      throws EngineException.BadModel {
    return of(files.ref(id), files, text, ShardFiles.here());
  }

  /**
   * A model whose weights need not be there yet.
   *
   * @param ref names it, whatever files are there
   * @throws EngineException.BadModel if the config makes no sense
   */
  public static ServedModel of(
      ModelRef ref, ModelFiles files, Supplier<IncrementalText> text, ShardFiles weights)
      throws EngineException.BadModel {
    return new ServedModel(
        ref,
        files.shape(ref),
        files.folder(),
        stored(files.config()),
        files.generation(),
        text,
        weights);
  }

  /**
   * In which precisions its weights may be held, the most wanted first: what was asked for, else
   * what they are stored in, else the wider ones that an engine may have instead.
   */
  public static List<Precision> precisions(Precision stored, Optional<Precision> asked) {
    return asked
        .map(List::of)
        .orElseGet(
            () ->
                Stream.of(stored, Precision.F32, Precision.BF16, Precision.F16)
                    .distinct()
                    .toList());
  }

  /**
   * The precision that a model's files are stored in, as its config says.
   *
   * @throws EngineException.BadModel if it says no text
   */
  public static Precision stored(ModelConfig config) throws EngineException.BadModel {
    return Precision.parse(config.text("dtype", config.text("torch_dtype", "float32")));
  }
}
