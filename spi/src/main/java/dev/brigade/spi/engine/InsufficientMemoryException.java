package dev.brigade.spi.engine;

/** Something does not fit, with the sum that broke. */
public final class InsufficientMemoryException extends EngineException {
  private final long neededBytes;
  private final long availableBytes;

  /**
   * @param what needs the memory, for a person to read
   */
  public InsufficientMemoryException(String what, long neededBytes, long availableBytes) {
    super(what + " needs " + neededBytes + " bytes, " + availableBytes + " are available");
    this.neededBytes = neededBytes;
    this.availableBytes = availableBytes;
  }

  public long neededBytes() {
    return neededBytes;
  }

  public long availableBytes() {
    return availableBytes;
  }
}
