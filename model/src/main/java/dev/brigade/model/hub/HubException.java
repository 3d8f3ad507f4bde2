package dev.brigade.model.hub;

/** Why a model cannot be had from the hub; the message says what to do about it. */
public final class HubException extends Exception {
  private static final long serialVersionUID = 1;

  private final Kind kind;

  HubException(Kind kind, String message) {
    super(message);
    this.kind = kind;
  }

  public HubException(Kind kind, String message, Throwable cause) {
    super(message, cause);
    this.kind = kind;
  }

  static HubException cancelled() {
    return new HubException(Kind.CANCELLED, "cancelled");
  }

  /** What kind of failure it is. */
  public Kind kind() {
    return kind;
  }

  /** Kinds of failure, by whose turn it is to do something. */
  public enum Kind {
    /** No such model, revision or file. */
    NOT_FOUND,
    /** The hub wants a token, or a licence to be accepted. */
    DENIED,
    /** The hub does not answer, or may not be asked. */
    UNREACHABLE,
    /** The cache has no room or cannot be written. */
    DISK,
    /** What the hub sends makes no sense. */
    BAD_CONTENT,
    /** The work was asked to stop. */
    CANCELLED
  }
}
