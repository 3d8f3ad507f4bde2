package dev.brigade.spi.engine;

/** Why an engine could not do what it was asked; the message says what to do about it. */
public sealed class EngineException extends Exception
    permits EngineException.Unsupported,
        EngineException.BadModel,
        EngineException.Cancelled,
        EngineException.DeviceFailure,
        InsufficientMemoryException {

  EngineException(String message) {
    super(message);
  }

  EngineException(String message, Throwable cause) {
    super(message, cause);
  }

  /** The architecture, precision or option is not one that this engine has. */
  public static final class Unsupported extends EngineException {
    public Unsupported(String message) {
      super(message);
    }
  }

  /** The model's files are missing, truncated or inconsistent. */
  public static final class BadModel extends EngineException {
    public BadModel(String message) {
      super(message);
    }

    public BadModel(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /** The work was asked to stop and did. */
  public static final class Cancelled extends EngineException {
    public Cancelled() {
      super("cancelled");
    }
  }

  /** The native runtime or the device failed. */
  public static final class DeviceFailure extends EngineException {
    public DeviceFailure(String message, Throwable cause) {
      super(message, cause);
    }
  }
}
