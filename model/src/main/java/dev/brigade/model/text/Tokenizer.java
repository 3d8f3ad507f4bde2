package dev.brigade.model.text;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import dev.brigade.model.text.TextException.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * A model's {@code tokenizer.json}, read by Hugging Face's own tokenizers library. Never cuts or
 * pads what it is given, and never asks the network. Safe for use by several threads; whoever has
 * opened it closes it, which frees native memory.
 */
public final class Tokenizer implements AutoCloseable {
  static final String FILE = "tokenizer.json";
  private final HuggingFaceTokenizer tokenizer;

  private Tokenizer(HuggingFaceTokenizer tokenizer) {
    this.tokenizer = tokenizer;
  }

  /** Whether a model's folder has a tokenizer. */
  public static boolean isIn(Path folder) {
    return Files.exists(folder.resolve(FILE));
  }

  /**
   * Opens a model's tokenizer.
   *
   * @throws TextException MISSING if the folder has none, BAD_FILE if it cannot be read
   */
  public static Tokenizer open(Path folder) throws TextException {
    if (!isIn(folder)) {
      throw new TextException(
          Kind.MISSING,
          folder + " has no " + FILE + "; without a tokenizer only token ids can be used");
    }
    // Set before the library's first class is loaded: it would else report its use, and may
    // download.
    if (System.getProperty("ai.djl.offline") == null) {
      System.setProperty("ai.djl.offline", "true");
    }
    if (System.getProperty("OPT_OUT_TRACKING") == null) {
      System.setProperty("OPT_OUT_TRACKING", "true");
    }
    try {
      return new Tokenizer(
          HuggingFaceTokenizer.builder()
              .optTokenizerPath(folder.resolve(FILE))
              .optTruncation(false)
              .optPadding(false)
              .optMaxLength(Integer.MAX_VALUE)
              .build());
    } catch (IOException | RuntimeException e) {
      throw new TextException(
          Kind.BAD_FILE,
          folder.resolve(FILE)
              + " cannot be read ("
              + e.getMessage()
              + "); is it cut short? Fetch it again",
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
    long[] ids = tokenizer.encode(text, addSpecialTokens, false).getIds();
    return Arrays.stream(ids).mapToObj(Math::toIntExact).toList();
  }

  /** Text of ids that follow each other. */
  public String decode(List<Integer> ids, boolean skipSpecialTokens) {
    long[] values = ids.stream().mapToLong(Integer::longValue).toArray();
    return tokenizer.decode(values, skipSpecialTokens);
  }

  /** What turns one answer's ids into text as they come, special tokens left out. */
  public IncrementalText incremental() {
    return new StreamingDecoder(ids -> decode(ids, true));
  }

  @Override
  public void close() {
    tokenizer.close();
  }
}
