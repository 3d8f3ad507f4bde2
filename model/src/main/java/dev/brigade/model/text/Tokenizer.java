package dev.brigade.model.text;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import dev.brigade.model.gguf.GgufFile;
import dev.brigade.model.gguf.GgufTokenizer;
import dev.brigade.model.text.TextException.Kind;
import dev.brigade.spi.engine.EngineException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;

/**
 * A model's {@code tokenizer.json}, or what a GGUF file has of one, read by Hugging Face's own
 * tokenizers library. Never cuts or pads what it is given, and never asks the network. Safe for use
 * by several threads; whoever has opened it closes it, which frees native memory.
 */
public final class Tokenizer implements AutoCloseable {
  static final String FILE = "tokenizer.json";

  /** The library would cut at 512 tokens otherwise. */
  private static final Map<String, String> WHOLE =
      Map.of(
          "truncation", "false",
          "padding", "false",
          "maxLength", Integer.toString(Integer.MAX_VALUE));

  private final HuggingFaceTokenizer tokenizer;

  /** Held for reading while the library works, so that its memory is not freed under it. */
  private final ReadWriteLock closing = new ReentrantReadWriteLock();

  private boolean closed;

  private Tokenizer(HuggingFaceTokenizer tokenizer) {
    this.tokenizer = tokenizer;
  }

  /** Whether a model's folder, or GGUF file, has a tokenizer. */
  public static boolean isIn(Path model) {
    if (!GgufFile.isOne(model)) {
      return Files.exists(model.resolve(FILE));
    }
    try (GgufFile file = GgufFile.open(model)) {
      return GgufTokenizer.isIn(file);
    } catch (EngineException e) {
      return false;
    }
  }

  /**
   * Opens the tokenizer of a model's folder or GGUF file.
   *
   * @throws TextException MISSING if it has none, BAD_FILE if it cannot be read
   */
  public static Tokenizer open(Path model) throws TextException {
    if (!isIn(model)) {
      throw new TextException(
          Kind.MISSING,
          model
              + (GgufFile.isOne(model) ? " has no tokenizer" : " has no " + FILE)
              + "; without a tokenizer only token ids can be used");
    }
    // Set before the library's first class is loaded: it would else report its use, and may
    // download.
    if (System.getProperty("ai.djl.offline") == null) {
      System.setProperty("ai.djl.offline", "true");
    }
    if (System.getProperty("OPT_OUT_TRACKING") == null) {
      System.setProperty("OPT_OUT_TRACKING", "true");
    }
    return new Tokenizer(GgufFile.isOne(model) ? ofGguf(model) : ofFolder(model));
  }

  private static HuggingFaceTokenizer ofFolder(Path folder) throws TextException {
    Path file = folder.resolve(FILE);
    try {
      return HuggingFaceTokenizer.newInstance(file, WHOLE);
    } catch (IOException | RuntimeException e) {
      throw new TextException(
          Kind.BAD_FILE,
          file + " cannot be read (" + e.getMessage() + "); is it cut short? Fetch it again",
          e);
    }
  }

  private static HuggingFaceTokenizer ofGguf(Path path) throws TextException {
    try (GgufFile file = GgufFile.open(path)) {
      byte[] json = GgufTokenizer.json(file).getBytes(StandardCharsets.UTF_8);
      return HuggingFaceTokenizer.newInstance(new ByteArrayInputStream(json), WHOLE);
    } catch (EngineException e) {
      throw new TextException(Kind.BAD_FILE, e.getMessage(), e);
    } catch (IOException | RuntimeException e) {
      throw new TextException(
          Kind.BAD_FILE,
          "the tokenizer in the metadata of " + path + " makes no sense: " + e.getMessage(),
          e);
    }
  }

  /**
   * Ids of a text.
   *
   * @param addSpecialTokens whether to add what the tokenizer adds to a text of its own, such as a
   *     token that begins it; not to what a chat template wrote, which has all of them
   */
  public List<Integer> encode(String text, boolean addSpecialTokens) {
    long[] ids = whileOpen(() -> tokenizer.encode(text, addSpecialTokens, false).getIds());
    return Arrays.stream(ids).mapToObj(Math::toIntExact).toList();
  }

  /** Text of ids that follow each other. */
  public String decode(List<Integer> ids, boolean skipSpecialTokens) {
    long[] values = ids.stream().mapToLong(Integer::longValue).toArray();
    return whileOpen(() -> tokenizer.decode(values, skipSpecialTokens));
  }

  private <R> R whileOpen(Supplier<R> use) {
    closing.readLock().lock();
    try {
      if (closed) {
        throw new IllegalStateException("the tokenizer was closed, and is used after that");
      }
      return use.get();
    } finally {
      closing.readLock().unlock();
    }
  }

  /** What turns one answer's ids into text as they come, special tokens left out. */
  public IncrementalText incremental() {
    return new StreamingDecoder(ids -> decode(ids, true));
  }

  /** Waits for calls that are under way. A second call does nothing. */
  @Override
  public void close() {
    closing.writeLock().lock();
    try {
      if (!closed) {
        closed = true;
        tokenizer.close();
      }
    } finally {
      closing.writeLock().unlock();
    }
  }
}
