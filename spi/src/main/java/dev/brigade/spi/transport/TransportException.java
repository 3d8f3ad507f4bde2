package dev.brigade.spi.transport;

import java.time.Duration;

/** Why a message was not answered, or a transport not started. */
public sealed class TransportException extends Exception {

  private TransportException(String message, Throwable cause) {
    super(message, cause);
  }

  /** The receiver is not a member, or ceased to be one before it answered. */
  public static final class NodeLost extends TransportException {
    private final NodeId node;

    public NodeLost(NodeId node) {
      super("node " + node + " is not reachable any more", null);
      this.node = node;
    }

    /** The node that is gone. */
    public NodeId node() {
      return node;
    }
  }

  /** No answer came in time; whether the receiver saw the message is unknown. */
  public static final class DeadlineExceeded extends TransportException {
    private final NodeId node;

    public DeadlineExceeded(NodeId node, String kind, Duration deadline) {
      super(
          "node " + node + " did not answer '" + kind + "' within " + deadline.toMillis() + " ms",
          null);
      this.node = node;
    }

    /** The node that did not answer. */
    public NodeId node() {
      return node;
    }
  }

  /** The receiver, or this side's bound on what is in flight, said no. */
  public static final class Refused extends TransportException {
    public Refused(String reason) {
      super(reason, null);
    }
  }

  /** The transport cannot listen where it was told to. */
  public static final class CannotBind extends TransportException {
    public CannotBind(String message, Throwable cause) {
      super(message, cause);
    }

    public CannotBind(String message) {
      super(message, null);
    }
  }
}
