package dev.brigade.model.hub;

import java.util.Set;
import java.util.regex.Pattern;

/**
 * Which files of a repository are ever fetched: data that this program reads. Whatever else lies
 * there, code above all, stays there.
 */
final class ModelFileNames {
  static final String CONFIG = "config.json";
  static final String TOKENIZER = "tokenizer.json";
  static final String WEIGHTS = "model.safetensors";
  static final String INDEX = "model.safetensors.index.json";

  /** No config, tokenizer or index of a real model is nearly as long. */
  private static final long MOST_BYTES_OF_SMALL = 128L << 20;

  private static final Set<String> SMALL =
      Set.of(
          CONFIG,
          INDEX,
          "generation_config.json",
          TOKENIZER,
          "tokenizer_config.json",
          "tokenizer.model",
          "special_tokens_map.json",
          "added_tokens.json",
          "vocab.json",
          "vocab.txt",
          "merges.txt",
          "chat_template.jinja",
          "chat_template.json");
  private static final Pattern FURTHER_TEMPLATE =
      Pattern.compile("additional_chat_templates/[A-Za-z0-9_-][A-Za-z0-9._-]*\\.jinja");
  private static final Pattern SAFETENSORS =
      Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9._-]*\\.safetensors");

  private ModelFileNames() {}

  /** Whether a file belongs to what is fetched before anything is known of the model. */
  static boolean isSmall(String name) {
    return SMALL.contains(name) || FURTHER_TEMPLATE.matcher(name).matches();
  }

  /** Whether a file can hold weights. */
  static boolean isWeights(String name) {
    return SAFETENSORS.matcher(name).matches();
  }

  /** The most bytes that a file of this name may have. */
  static long limit(String name) {
    return isWeights(name) ? Long.MAX_VALUE : MOST_BYTES_OF_SMALL;
  }
}
