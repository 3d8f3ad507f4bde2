package dev.brigade.launcher.model;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.brigade.cluster.RequestException;
import dev.brigade.model.template.Conversation;
import dev.brigade.model.text.ChatFormat;
import dev.brigade.model.text.IncrementalText;
import dev.brigade.model.text.TextException;
import dev.brigade.model.text.Tokenizer;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;

/**
 * Tokenizer and chat format of a model, with failures as a request has them. Safe for use by
 * several threads.
 */
public final class ModelText implements AutoCloseable {
  private final Tokenizer tokenizer;
  private final ChatFormat format;

  private ModelText(Tokenizer tokenizer, ChatFormat format) {
    this.tokenizer = tokenizer;
    this.format = format;
  }

  /**
   * Opens what is there.
   *
   * @return empty if the folder has no tokenizer
   * @throws RequestException BAD_MODEL if a file makes no sense
   */
  public static Optional<ModelText> open(Path folder) throws RequestException {
    return Tokenizer.isIn(folder) ? Optional.of(required(folder)) : Optional.empty();
  }

  /**
   * The same where it must be there.
   *
   * @throws RequestException INVALID if it is not
   */
  public static ModelText required(Path folder) throws RequestException {
    try {
      ChatFormat format = ChatFormat.open(folder);
      return new ModelText(Tokenizer.open(folder), format);
    } catch (TextException e) {
      throw asRequestException(e);
    }
  }

  private static RequestException asRequestException(TextException e) {
    RequestException.Kind kind =
        e.kind() == TextException.Kind.BAD_FILE
            ? RequestException.Kind.BAD_MODEL
            : RequestException.Kind.INVALID;
    return new RequestException(kind, e.getMessage(), e);
  }

  /** Ids of a text, with what the tokenizer adds to one. */
  public List<Integer> encode(String text) {
    return tokenizer.encode(text, true);
  }

  /** Ids of what a chat template wrote, which has all special tokens already. */
  public List<Integer> encodeRendered(String text) {
    return tokenizer.encode(text, false);
  }

  /** Text of ids, special tokens included. */
  public String decode(List<Integer> ids) {
    return tokenizer.decode(ids, false);
  }

  /**
   * A conversation as the model's chat template writes it.
   *
   * @param clock the time that the template sees
   * @throws RequestException INVALID if there is no template, or it refuses the conversation
   */
  public String render(Conversation conversation, Clock clock) throws RequestException {
    try {
      return format.render(conversation, clock);
    } catch (TextException e) {
      throw asRequestException(e);
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
    return tokenizer.incremental();
  }

  @Override
  public void close() {
    tokenizer.close();
  }
}
