package dev.brigade.model.gguf;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * How text is cut before byte pairs are merged. A GGUF file has only a name of it ({@code
 * tokenizer.ggml.pre}); what names mean is in {@code pre_tokenizers.json}, as the {@code
 * tokenizer.json} of the models say it.
 *
 * @param split expressions that cut one after the other, each what the ones before have left
 * @param composed whether characters are composed first (Unicode NFC)
 * @param ignoresMerges whether a piece that is a token is taken whole, merges or not
 * @param addsBegin whether texts begin with a special token where the file does not say it
 */
record PreTokenizer(
    List<String> split, boolean composed, boolean ignoresMerges, boolean addsBegin) {
  /** What files mean that name none. */
  static final String DEFAULT = "default";

  private static final String RESOURCE = "pre_tokenizers.json";
  private static final Map<String, PreTokenizer> BY_NAME = read();

  PreTokenizer {
    split = List.copyOf(split);
  }

  /** The one of a name. */
  static Optional<PreTokenizer> named(String name) {
    return Optional.ofNullable(BY_NAME.get(name));
  }

  /** All names that are known. */
  static Iterable<String> names() {
    return BY_NAME.keySet();
  }

  private static Map<String, PreTokenizer> read() {
    Map<String, PreTokenizer> byName = new TreeMap<>();
    try (InputStream in = PreTokenizer.class.getResourceAsStream(RESOURCE)) {
      for (JsonNode row : new ObjectMapper().readTree(in)) {
        List<String> split = new ArrayList<>();
        row.path("split").forEach(expression -> split.add(expression.textValue()));
        PreTokenizer pre =
            new PreTokenizer(
                split,
                row.path("nfc").asBoolean(),
                row.path("ignore_merges").asBoolean(),
                row.path("add_bos").asBoolean());
        row.path("names").forEach(name -> byName.put(name.textValue(), pre));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(RESOURCE + " is part of this jar", e);
    }
    return Collections.unmodifiableMap(byName);
  }
}
