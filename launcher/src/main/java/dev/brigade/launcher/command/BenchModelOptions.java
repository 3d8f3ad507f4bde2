package dev.brigade.launcher.command;

import dev.brigade.launcher.bench.BenchModel;
import dev.brigade.launcher.config.BrigadeConfig;
import dev.brigade.launcher.model.ModelLocation;
import dev.brigade.launcher.model.ModelNotFoundException;
import dev.brigade.model.ModelFiles;
import dev.brigade.model.bench.NamedShape;
import dev.brigade.model.bench.RandomModel;
import dev.brigade.model.hub.HubException;
import dev.brigade.spi.Cancellation;
import dev.brigade.spi.Progress;
import dev.brigade.spi.engine.DType;
import dev.brigade.spi.engine.EngineException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import picocli.CommandLine.Option;

/** Which model a benchmark measures with: one of random weights, or one that is there. */
final class BenchModelOptions {
  private static final long SEED = 1;
  private static final NamedShape USUAL = NamedShape.LLAMA_1B;

  @Option(
      names = "--shape",
      paramLabel = "NAME",
      description =
          "Random weights in the shape of llama-1b (the default), llama-1b-untied, 100m"
              + " or tiny.")
  private Optional<String> shape = Optional.empty();

  @Option(
      names = "--stored",
      paramLabel = "TYPE",
      defaultValue = "bf16",
      description =
          "What the random weights are stored as, bf16 or f32 (default: ${DEFAULT-VALUE}).")
  private String stored;

  @Option(
      names = "--model",
      paramLabel = "DIR_OR_ID",
      description = "A model's folder or GGUF file, bundled/NAME, or ORG/NAME of a hub.")
  private Optional<String> model = Optional.empty();

  /** What a person calls the model. */
  String name() {
    return model.orElseGet(() -> shape.orElse(USUAL.toString()));
  }

  /** The model; a random one is made unless it is in the cache. */
  BenchModel model(BrigadeConfig config, Path cache, Consumer<Progress> progress)
      throws UsageException, ModelNotFoundException, EngineException, HubException, IOException {
    if (model.isPresent()) {
      if (shape.isPresent()) {
        throw new UsageException("--shape and --model: want one of them");
      }
      ModelLocation location = CommonOptions.locations(config, progress).find(model.get());
      if (location.hub().isPresent()) {
        try (ModelFiles files = ModelFiles.open(location.folder())) {
          int layers = files.decoder().shape().layers();
          location
              .hub()
              .get()
              .fetchWeights(files.decoder(), 0, layers, progress, Cancellation.none());
        }
      }
      return BenchModel.open(location.id(), location.folder());
    }
    RandomModel random = random();
    return BenchModel.open(random.name(), random.in(cache.resolve("bench"), progress));
  }

  private RandomModel random() throws UsageException {
    NamedShape named = USUAL;
    if (shape.isPresent()) {
      named =
          NamedShape.of(shape.get())
              .orElseThrow(
                  () ->
                      new UsageException(
                          "--shape: '%s' is not known; known are %s"
                              .formatted(shape.get(), String.join(", ", NamedShape.labels()))));
    }
    DType type =
        switch (stored.toLowerCase(Locale.ROOT)) {
          case "bf16" -> DType.BF16;
          case "f32" -> DType.F32;
          default -> throw new UsageException("--stored: '" + stored + "', want bf16 or f32");
        };
    return new RandomModel(named, type, SEED);
  }
}
