package dev.brigade.model.bench;

import dev.brigade.model.ModelFiles;
import dev.brigade.model.decoder.Decoder;
import dev.brigade.model.decoder.WeightUse;
import dev.brigade.model.decoder.WeightUses;
import dev.brigade.model.weights.Weight;
import dev.brigade.spi.Progress;
import dev.brigade.spi.engine.DType;
import dev.brigade.spi.engine.EngineException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * A model of a given shape with random weights, as a folder with a config and safetensors. The
 * recipe says which tensors there are, so any architecture can be made. The same seed gives the
 * same bytes.
 *
 * @param shape its sizes
 * @param type what weights are stored as, BF16 or F32
 * @param seed of the random numbers
 */
public record RandomModel(NamedShape shape, DType type, long seed) {
  /** Left free on the disk for everybody else. */
  private static final long RESERVE_BYTES = 256L << 20;

  public RandomModel {
    if (type != DType.BF16 && type != DType.F32) {
      throw new IllegalArgumentException("random weights as " + type + ": want BF16 or F32");
    }
  }

  /**
   * The model's folder, which is made unless it is there.
   *
   * @param cache where folders of such models lie
   * @param progress told while weights are written
   * @throws IOException if the disk has no room, or cannot be written
   */
  public Path in(Path cache, Consumer<Progress> progress) throws IOException {
    Path folder = cache.resolve(name());
    if (Files.isDirectory(folder)) {
      return folder;
    }
    Files.createDirectories(cache);
    Path own = Files.createTempDirectory(cache, name() + ".part");
    try {
      write(own, progress);
      move(own, folder);
      return folder;
    } finally {
      delete(own);
    }
  }

  /** What the folder is called. */
  public String name() {
    return "%s-%s-%d".formatted(shape, type.name().toLowerCase(Locale.ROOT), seed);
  }

  private void write(Path folder, Consumer<Progress> progress) throws IOException {
    String config = shape.config(type == DType.BF16 ? "bfloat16" : "float32");
    Files.writeString(folder.resolve("config.json"), config);
    Map<Weight.Named, Boolean> tensors = tensors(folder);
    long bytes = tensors.keySet().stream().mapToLong(Weight::elements).sum() * type.bytes();
    long free = Files.getFileStore(folder).getUsableSpace();
    if (bytes > free - RESERVE_BYTES) {
      throw new IOException(
          "a model of shape %s takes %d MiB, but only %d MiB are free at %s; make room there"
              .formatted(shape, (bytes >> 20) + 1, free >> 20, folder.getParent()));
    }
    new RandomTensors(type, seed)
        .write(folder.resolve("model.safetensors"), tensors, bytes, progress);
  }

  /** The tensors of the recipe, and whether each is a vector of factors. */
  private static Map<Weight.Named, Boolean> tensors(Path folder) throws IOException {
    Map<Weight.Named, Boolean> tensors = new LinkedHashMap<>();
    try (ModelFiles files = ModelFiles.open(folder)) {
      Decoder decoder = files.decoder();
      for (Map.Entry<Weight, Set<WeightUse>> entry :
          WeightUses.ofShard(decoder, 0, decoder.shape().layers()).entrySet()) {
        tensors.put(plain(entry.getKey()), entry.getValue().contains(WeightUse.VECTOR));
      }
      return tensors;
    } catch (EngineException e) {
      throw new IllegalStateException("the config of a named shape is good", e);
    }
  }

  private static Weight.Named plain(Weight weight) {
    if (weight instanceof Weight.FirstOf choice) {
      return plain(choice.alternatives().get(0));
    }
    if (weight instanceof Weight.Named named) {
      return named;
    }
    throw new IllegalStateException("a named shape has plain tensors only, not " + weight);
  }

  /** Someone else may have made the same one meanwhile, which is as good. */
  private static void move(Path own, Path folder) throws IOException {
    try {
      Files.move(own, folder, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      if (!Files.isDirectory(folder)) {
        throw e;
      }
    }
  }

  private static void delete(Path folder) throws IOException {
    if (Files.isDirectory(folder)) {
      try (Stream<Path> files = Files.list(folder)) {
        for (Path file : files.toList()) {
          Files.delete(file);
        }
      }
      Files.delete(folder);
    }
  }
}
