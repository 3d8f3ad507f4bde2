package dev.brigade.cluster;

/** Why a request cannot be served; the message is for the client and says what to do. */
public final class RequestException extends Exception {
  private final Kind kind;

  public RequestException(Kind kind, String message) {
    super(message);
    this.kind = kind;
  }

  public RequestException(Kind kind, String message, Throwable cause) {
    super(message, cause);
    this.kind = kind;
  }

  /** What kind of failure it is. */
  public Kind kind() {
    return kind;
  }

  /** Kinds of failure, by whose turn it is to do something. */
  public enum Kind {
    /** The client asked for something that makes no sense. */
    INVALID,
    /** Prompt and answer together are longer than the model's or the plan's context. */
    CONTEXT_EXCEEDED,
    /** No model of that id is known here. */
    MODEL_NOT_FOUND,
    /** The model's files are damaged, or of an architecture that is not known. */
    BAD_MODEL,
    /** It does not fit the memory that there is now; carries the sum. */
    OUT_OF_MEMORY,
    /** The node is draining, or a stage was lost and could not be replaced. */
    UNAVAILABLE,
    /** A defect, or a device that failed. */
    INTERNAL
  }
}
