package dev.brigade.testkit.engine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** Breaks copies of models in the ways that models break. */
final class SpoiltFiles {
  private SpoiltFiles() {}

  /** Gives a tensor another name of the same length. */
  static void rename(Path folder, String tensor, String name) {
    if (name.length() != tensor.length()) {
      throw new IllegalArgumentException(name + " is not as long as " + tensor);
    }
    replace(folder.resolve("model.safetensors"), tensor, name);
  }

  /** Replaces text in a file that may have other bytes too. */
  static void replace(Path file, String old, String replacement) {
    try {
      String text = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
      if (!text.contains(old)) {
        throw new IllegalArgumentException(file + " does not contain " + old);
      }
      byte[] replaced = text.replace(old, replacement).getBytes(StandardCharsets.ISO_8859_1);
      Files.write(file, replaced);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Keeps the first part of a file. */
  static void truncate(Path file, double part) {
    try {
      byte[] bytes = Files.readAllBytes(file);
      Files.write(file, Arrays.copyOf(bytes, (int) (bytes.length * part)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
