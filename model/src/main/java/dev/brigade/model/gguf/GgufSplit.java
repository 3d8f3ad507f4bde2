package dev.brigade.model.gguf;

import dev.brigade.spi.engine.EngineException.BadModel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * A model over several files, {@code NAME-00001-of-00003.gguf} and so on (llama.cpp, {@code
 * gguf-split}). Only the first has the model's metadata.
 */
final class GgufSplit {
  private static final Pattern NAME = Pattern.compile("(.+)-(\\d{5})-of-(\\d{5})\\.gguf");
  private static final int MOST_FILES = 10_000;

  private GgufSplit() {}

  /** All files of a model, by the name of one of them. */
  static List<Path> files(Path path) {
    Matcher name = NAME.matcher(path.getFileName().toString());
    int count = name.matches() ? Integer.parseInt(name.group(3)) : 1;
    if (count < 2 || count > MOST_FILES) {
      return List.of(path);
    }
    return IntStream.rangeClosed(1, count)
        .mapToObj(
            n -> path.resolveSibling("%s-%05d-of-%05d.gguf".formatted(name.group(1), n, count)))
        .toList();
  }

  /**
   * The files that belong to the first one.
   *
   * @throws BadModel if the given one is not the first, or others are not there
   */
  static List<Path> others(GgufPart first) throws BadModel {
    long count = first.number("split.count").orElse(1L);
    if (count <= 1) {
      return List.of();
    }
    List<Path> files = files(first.path());
    if (files.size() != count) {
      throw new BadModel(
          "%s is one of %d files of a model, and must be called NAME-00001-of-%05d.gguf"
              .formatted(first.path(), count, count));
    }
    if (first.number("split.no").orElse(0L) != 0 || !first.path().equals(files.get(0))) {
      throw new BadModel(
          "%s is not the first file of its model; open %s"
              .formatted(first.path(), files.get(0).getFileName()));
    }
    for (Path file : files) {
      if (!Files.isRegularFile(file)) {
        throw new BadModel(
            "%s is one of %d files of a model, but %s is missing"
                .formatted(first.path(), count, file));
      }
    }
    return files.subList(1, files.size());
  }

  /** Checks that the files have as many tensors together as the first one says. */
  static void requireAll(GgufPart first, int tensors) throws BadModel {
    long announced = first.number("split.tensors.count").orElse((long) tensors);
    if (announced != tensors) {
      throw new BadModel(
          "%s: its files should have %d tensors together, but have %d; were they mixed up?"
              .formatted(first.path(), announced, tensors));
    }
  }
}
