package dev.brigade.model.text;

/**
 * Why a model's tokenizer or chat format cannot be used; the message names the file or the rule.
 */
public final class TextException extends Exception {
  private final Kind kind;

  TextException(Kind kind, String message) {
    super(message);
    this.kind = kind;
  }

  TextException(Kind kind, String message, Throwable cause) {
    super(message, cause);
    this.kind = kind;
  }

  /** Whose turn it is to do something. */
  public Kind kind() {
    return kind;
  }

  /** Kinds of failure. */
  public enum Kind {
    /** The model has no such thing; without it only ids, or plain prompts, can be used. */
    MISSING,
    /** A file is there and makes no sense. */
    BAD_FILE,
    /** The chat template refuses this conversation. */
    BAD_CONVERSATION
  }
}
