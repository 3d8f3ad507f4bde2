package dev.brigade.model.gguf;

import dev.brigade.spi.engine.EngineException.BadModel;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** The tokens of a file, by id, and what it says of each ({@code tokenizer.ggml.*}). */
final class GgufVocabulary {
  private static final String AT = "tokenizer.ggml.";

  /** Keys of special tokens by the names that chat templates have for them. */
  private static final Map<String, String> SPECIAL =
      Map.of(
          "bos_token", AT + "bos_token_id",
          "eos_token", AT + "eos_token_id",
          "eot_token", AT + "eot_token_id",
          "eom_token", AT + "eom_token_id",
          "unk_token", AT + "unknown_token_id",
          "sep_token", AT + "seperator_token_id",
          "pad_token", AT + "padding_token_id",
          "cls_token", AT + "cls_token_id",
          "mask_token", AT + "mask_token_id");

  /** Tokens that end a turn whatever the metadata name: files often name one of several. */
  private static final Set<String> ENDS_OF_TURN =
      Set.of(
          "<|eot_id|>",
          "<|eom_id|>",
          "<|im_end|>",
          "<|end|>",
          "<|return|>",
          "<|call|>",
          "<end_of_turn>",
          "<|endoftext|>",
          "<|end_of_text|>");

  /** What a token is ({@code enum llama_token_type}). */
  enum Kind {
    UNDEFINED,
    NORMAL,
    UNKNOWN,
    CONTROL,
    USER_DEFINED,
    UNUSED,
    BYTE;

    /** Whether the token is found in a text before anything else is. */
    boolean isAdded() {
      return this == UNKNOWN || this == CONTROL || this == USER_DEFINED;
    }

    /** Whether the token is never shown to people. */
    boolean isSpecial() {
      return this == UNKNOWN || this == CONTROL;
    }
  }

  private final GgufFile file;
  private final List<String> tokens;
  private final List<Kind> kinds;
  private final List<Double> scores;

  private GgufVocabulary(
      GgufFile file, List<String> tokens, List<Kind> kinds, List<Double> scores) {
    this.file = file;
    this.tokens = tokens;
    this.kinds = kinds;
    this.scores = scores;
  }

  /**
   * Reads it.
   *
   * @return empty if the file has none
   * @throws BadModel if lists have different lengths, or things in them that are no tokens
   */
  static Optional<GgufVocabulary> of(GgufFile file) throws BadModel {
    if (!file.metadata().containsKey(AT + "tokens")) {
      return Optional.empty();
    }
    List<String> tokens = list(file, "tokens", String.class, text -> text);
    List<Kind> kinds = list(file, "token_type", Long.class, GgufVocabulary::kind);
    List<Double> scores = list(file, "scores", Number.class, Number::doubleValue);
    for (List<?> other : List.of(kinds, scores)) {
      if (!other.isEmpty() && other.size() < tokens.size()) {
        throw new BadModel(
            "%s: %stokens has %d entries, but token_type %d and scores %d"
                .formatted(file.path(), AT, tokens.size(), kinds.size(), scores.size()));
      }
    }
    return Optional.of(new GgufVocabulary(file, tokens, kinds, scores));
  }

  private static Kind kind(long number) {
    return number >= 0 && number < Kind.values().length
        ? Kind.values()[(int) number]
        : Kind.UNDEFINED;
  }

  /** A list of the metadata; empty if there is none. */
  static <T, R> List<R> list(GgufFile file, String name, Class<T> type, Function<T, R> as)
      throws BadModel {
    List<R> values = new ArrayList<>();
    Object listed = file.metadata().getOrDefault(AT + name, List.of());
    if (!(listed instanceof List<?> entries)) {
      throw new BadModel(file.path() + ": " + AT + name + " is no list");
    }
    for (Object entry : entries) {
      if (!type.isInstance(entry)) {
        throw new BadModel(
            "%s: %s%s has an entry %s, which is no %s"
                .formatted(file.path(), AT, name, entry, type.getSimpleName()));
      }
      values.add(as.apply(type.cast(entry)));
    }
    return values;
  }

  int size() {
    return tokens.size();
  }

  String token(int id) {
    return tokens.get(id);
  }

  Kind kind(int id) {
    return kinds.isEmpty() ? Kind.NORMAL : kinds.get(id);
  }

  /** How good it is to make this token of two; the higher the sooner. 0 if nothing is said. */
  double score(int id) {
    return scores.isEmpty() ? 0 : scores.get(id);
  }

  /** The text of a special token that the metadata name by its id. */
  Optional<String> special(String name) {
    return file.number(SPECIAL.get(name))
        .filter(id -> id >= 0 && id < tokens.size())
        .map(id -> tokens.get(id.intValue()));
  }

  /** All special tokens that the metadata name, by the names that chat templates have for them. */
  Map<String, String> specials() {
    Map<String, String> found = new LinkedHashMap<>();
    SPECIAL.keySet().forEach(name -> special(name).ifPresent(text -> found.put(name, text)));
    return found;
  }

  /** Ids at which an answer ends. */
  List<Long> stops() {
    Set<Long> ids = new LinkedHashSet<>();
    for (String name : List.of("eos_token", "eot_token", "eom_token")) {
      file.number(SPECIAL.get(name)).filter(id -> id >= 0 && id < size()).ifPresent(ids::add);
    }
    for (int id = 0; id < size(); id++) {
      if (ENDS_OF_TURN.contains(token(id)) && kind(id).isAdded()) {
        ids.add((long) id);
      }
    }
    if (tokens.contains("<|return|>") && tokens.contains("<|call|>")) {
      // In OpenAI's format a message ends with <|end|>, and the next of the same turn follows.
      ids.remove((long) tokens.indexOf("<|end|>"));
    }
    return List.copyOf(ids);
  }
}
