package dev.brigade.engine.ggml.bench;

import dev.brigade.engine.ggml.LlamaLibrary;
import dev.brigade.engine.ggml.binding.GgmlType;
import dev.brigade.model.ModelFiles;
import dev.brigade.model.bench.PlainLlama;
import dev.brigade.spi.Progress;
import dev.brigade.spi.engine.EngineException;
import dev.brigade.spi.engine.EngineException.DeviceFailure;
import dev.brigade.spi.engine.Precision;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.function.Consumer;

/**
 * A model's weights as a GGUF file for llama.cpp, each stored as the engine stores it in a
 * precision.
 *
 * @param model the model's folder or file
 * @param precision one of the engine's
 */
record LlamaFile(Path model, Precision precision) {
  private static final long RESERVE_BYTES = 256L << 20;

  /** The file, which is written unless it is there. */
  Path in(Path cache, Consumer<Progress> progress) throws EngineException {
    GgmlType stored = LlamaLibrary.stored(precision);
    try (ModelFiles files = ModelFiles.open(model)) {
      PlainLlama llama = PlainLlama.of(files);
      String fingerprint = files.ref(model.toString()).fingerprint();
      Path file = cache.resolve("%s-%s.gguf".formatted(fingerprint, precision));
      if (!Files.exists(file)) {
        write(files, llama, stored, file, progress);
      }
      return file;
    } catch (IOException e) {
      throw new DeviceFailure("writing a GGUF file to " + cache + ": " + e.getMessage(), e);
    }
  }

  private static void write(
      ModelFiles files, PlainLlama llama, GgmlType stored, Path file, Consumer<Progress> progress)
      throws IOException, EngineException {
    LlamaTensors tensors = LlamaTensors.of(llama, stored);
    Files.createDirectories(file.getParent());
    long free = Files.getFileStore(file.getParent()).getUsableSpace();
    if (tensors.bytes() > free - RESERVE_BYTES) {
      throw new IOException(
          "it takes %d MiB, but only %d MiB are free; make room"
              .formatted((tensors.bytes() >> 20) + 1, free >> 20));
    }
    Path own = Files.createTempFile(file.getParent(), "model", ".part");
    try {
      try (GgufOutput out = new GgufOutput(own)) {
        out.header(metadata(llama), tensors.entries());
        tensors.write(files.checkpoint(), out, progress);
      }
      Files.move(own, file, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(own);
    }
  }

  /** A vocabulary without words: only ids go in and out. */
  private static Map<String, Object> metadata(PlainLlama llama) {
    return Map.ofEntries(
        Map.entry("general.architecture", "llama"),
        Map.entry("llama.context_length", 8192),
        Map.entry("llama.embedding_length", llama.width()),
        Map.entry("llama.block_count", llama.layers()),
        Map.entry("llama.feed_forward_length", llama.inner()),
        Map.entry("llama.attention.head_count", llama.heads()),
        Map.entry("llama.attention.head_count_kv", llama.kvHeads()),
        Map.entry("llama.attention.key_length", llama.headWidth()),
        Map.entry("llama.attention.value_length", llama.headWidth()),
        Map.entry("llama.rope.dimension_count", llama.headWidth()),
        Map.entry("llama.rope.freq_base", (float) llama.theta()),
        Map.entry("llama.attention.layer_norm_rms_epsilon", (float) llama.epsilon()),
        Map.entry("llama.vocab_size", llama.vocabulary()),
        Map.entry("tokenizer.ggml.model", "none"));
  }
}
