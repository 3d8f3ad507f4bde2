package dev.brigade.launcher.model;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.brigade.cluster.RequestException;
import dev.brigade.cluster.generation.IncrementalText;
import dev.brigade.model.template.ChatTemplate;
import dev.brigade.model.template.Conversation;
import dev.brigade.model.template.TemplateException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Tokenizer and chat template of a model. Safe for use by several threads. */
public final class ModelText implements AutoCloseable {
  private static final String TOKENIZER = "tokenizer.json";
  private final Path folder;
  private final HuggingFaceTokenizer tokenizer;
  private final TokenizerConfig config;
  private final Map<String, ChatTemplate> parsed = new ConcurrentHashMap<>();

  private ModelText(Path folder, HuggingFaceTokenizer tokenizer, TokenizerConfig config) {
    this.folder = folder;
    this.tokenizer = tokenizer;
    this.config = config;
  }

  /**
   * Opens what is there.
   *
   * @return empty if the folder has no {@code tokenizer.json}
   * @throws RequestException BAD_MODEL if a file makes no sense
   */
  public static Optional<ModelText> open(Path folder) throws RequestException {
    Path file = folder.resolve(TOKENIZER);
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try {
      TokenizerConfig config = TokenizerConfig.read(folder);
      HuggingFaceTokenizer tokenizer =
          HuggingFaceTokenizer.builder()
              .optTokenizerPath(file)
              .optTruncation(false)
              .optPadding(false)
              .build();
      return Optional.of(new ModelText(folder, tokenizer, config));
    } catch (IOException | RuntimeException e) {
      throw new RequestException(
          RequestException.Kind.BAD_MODEL,
          "the tokenizer of " + folder + " cannot be read: " + e.getMessage(),
          e);
    }
  }

  /**
   * The same where it must be there.
   *
   * @throws RequestException INVALID if it is not
   */
  public static ModelText required(Path folder) throws RequestException {
    return open(folder).orElseThrow(() -> missing(folder));
  }

  static RequestException missing(Path folder) {
    return new RequestException(
        RequestException.Kind.INVALID,
        folder + " has no " + TOKENIZER + "; without a tokenizer only token ids can be used");
  }

  /** Ids of a text, with what the tokenizer adds to one. */
  public List<Integer> encode(String text) {
    return ids(tokenizer.encode(text, true, false).getIds());
  }

  /** Ids of what a chat template wrote, which has all special tokens already. */
  public List<Integer> encodeRendered(String text) {
    return ids(tokenizer.encode(text, false, false).getIds());
  }

  /** Text of ids, special tokens included. */
  public String decode(List<Integer> ids) {
    return decode(ids, false);
  }

  private String decode(List<Integer> ids, boolean skipSpecialTokens) {
    return tokenizer.decode(
        ids.stream().mapToLong(Integer::longValue).toArray(), skipSpecialTokens);
  }

  private static List<Integer> ids(long[] ids) {
    return Arrays.stream(ids).mapToObj(Math::toIntExact).toList();
  }

  /**
   * A conversation as the model's chat template writes it.
   *
   * @param clock the time that the template sees
   * @throws RequestException INVALID if there is no template, or it refuses the conversation
   */
  public String render(Conversation conversation, Clock clock) throws RequestException {
    boolean tools = conversation.tools().filter(offered -> !offered.isEmpty()).isPresent();
    String source =
        config
            .template(tools)
            .orElseThrow(
                () ->
                    new RequestException(
                        RequestException.Kind.INVALID,
                        folder + " has no chat template; use a plain prompt"));
    try {
      return parsed
          .computeIfAbsent(source, ChatTemplate::parse)
          .render(conversation, config.specialTokens(), clock);
    } catch (TemplateException e) {
      throw new RequestException(
          RequestException.Kind.INVALID, "the chat template says: " + e.getMessage(), e);
    }
  }

  /** Ids of a question, as the first turn of a conversation. */
  public List<Integer> ask(String question) throws RequestException {
    ObjectNode turn = JsonNodeFactory.instance.objectNode();
    turn.put("role", "user").put("content", question);
    return encodeRendered(render(Conversation.of(List.of(turn)), Clock.systemDefaultZone()));
  }

  /** What turns one answer's ids into text, special tokens left out. */
  public IncrementalText incremental() {
    return new TokenizerText(ids -> decode(ids, true));
  }

  @Override
  public void close() {
    tokenizer.close();
  }
}
