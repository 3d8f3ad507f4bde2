package dev.brigade.model;

import dev.brigade.model.architecture.Architectures;
import dev.brigade.model.config.GenerationDefaults;
import dev.brigade.model.config.ModelConfig;
import dev.brigade.model.decoder.Decoder;
import dev.brigade.model.gguf.GgufCheckpoint;
import dev.brigade.model.gguf.GgufConfig;
import dev.brigade.model.gguf.GgufFile;
import dev.brigade.model.weights.Checkpoint;
import dev.brigade.model.weights.SafetensorsCheckpoint;
import dev.brigade.spi.engine.EngineException;
import dev.brigade.spi.engine.EngineException.BadModel;
import dev.brigade.spi.engine.ModelRef;
import dev.brigade.spi.partition.ModelShape;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * A model's folder or GGUF file. Config and decoder are read at once; the weights, which need not
 * be there, when they are first asked for. Safe for use by several threads.
 */
public final class ModelFiles implements AutoCloseable {
  private static final String CONFIG = "config.json";
  private static final String GENERATION_CONFIG = "generation_config.json";

  private final Path folder;
  private final ModelConfig config;
  private final GenerationDefaults generation;
  private final Decoder decoder;
  private final OptionalDouble storedBytesPerWeight;
  private Optional<Checkpoint> checkpoint = Optional.empty();

  private ModelFiles(
      Path folder, ModelConfig config, GenerationDefaults generation, Decoder decoder)
      throws BadModel {
    this.storedBytesPerWeight = Architectures.storedBytesPerWeight(config);
    this.folder = folder;
    this.config = config;
    this.generation = generation;
    this.decoder = decoder;
  }

  /** Whether a path is a single file with all of a model. */
  public static boolean isGguf(Path path) {
    return GgufFile.isOne(path);
  }

  /**
   * Opens a folder that has a {@code config.json} at least, or a GGUF file.
   *
   * @throws EngineException.Unsupported if the architecture is not known
   * @throws BadModel if a file is missing or makes no sense; names it
   */
  public static ModelFiles open(Path folder) throws EngineException {
    if (isGguf(folder)) {
      try (GgufFile file = GgufFile.open(folder)) {
        ModelConfig config = new GgufConfig(file).config();
        return new ModelFiles(
            folder,
            config,
            GenerationDefaults.of(config, Optional.empty()),
            Architectures.decoder(config));
      }
    }
    if (!Files.isDirectory(folder)) {
      throw new BadModel(
          folder + " is no folder and no .gguf file; a model is a folder with a " + CONFIG);
    }
    ModelConfig config = ModelConfig.read(folder.resolve(CONFIG));
    Path generationFile = folder.resolve(GENERATION_CONFIG);
    Optional<ModelConfig> generation =
        Files.exists(generationFile)
            ? Optional.of(ModelConfig.read(generationFile))
            : Optional.empty();
    return new ModelFiles(
        folder, config, GenerationDefaults.of(config, generation), Architectures.decoder(config));
  }

  /** The folder, or the file if there is only one. */
  public Path folder() {
    return folder;
  }

  /** {@code config.json}. */
  public ModelConfig config() {
    return config;
  }

  /** How it is sampled and where it stops. */
  public GenerationDefaults generation() {
    return generation;
  }

  /** How it computes. */
  public Decoder decoder() {
    return decoder;
  }

  /**
   * The weights; opened by the first call, closed with this.
   *
   * @throws BadModel if there are none, or a file is truncated or inconsistent; one that is missing
   *     is told when a tensor of it is read
   */
  public synchronized Checkpoint checkpoint() throws EngineException {
    if (checkpoint.isEmpty()) {
      checkpoint =
          Optional.of(
              isGguf(folder) ? GgufCheckpoint.open(folder) : SafetensorsCheckpoint.open(folder));
    }
    return checkpoint.get();
  }

  /**
   * The model's name with a fingerprint of its files; takes milliseconds, whatever their size.
   *
   * @param id what a person calls it
   * @throws BadModel if the files of weights are missing or cannot be read
   */
  public ModelRef ref(String id) throws BadModel {
    return new ModelRef(id, Fingerprint.of(folder));
  }

  /** What it costs, from the config alone. */
  public ModelShape shape(ModelRef ref) {
    return ModelCosts.shape(ref, decoder, storedBytesPerWeight);
  }

  @Override
  public synchronized void close() {
    checkpoint.ifPresent(Checkpoint::close);
    checkpoint = Optional.empty();
  }
}
