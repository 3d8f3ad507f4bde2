package dev.brigade.engine.mlx.binding;

/** What MLX reported. */
public final class MlxException extends RuntimeException {
  private static final long serialVersionUID = 1;

  MlxException(String message) {
    super("MLX: " + message);
  }

  /** Whether it says that an allocator had nothing left. */
  public boolean isOutOfMemory() {
    return getMessage().contains("Unable to allocate")
        || getMessage().contains("[malloc")
        || getMessage().contains("out of memory");
  }
}
