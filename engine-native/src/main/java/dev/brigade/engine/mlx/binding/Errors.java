package dev.brigade.engine.mlx.binding;

import com.sun.jna.Pointer;

/**
 * Keeps what MLX reports, instead of the exit of the process that is mlx-c's default. All calls are
 * made by one thread, which finds the message of the call that just failed.
 */
final class Errors implements MlxC.ErrorHandler {
  /** MLX keeps its address for good, so it must never be collected. */
  static final Errors INSTANCE = new Errors();

  private volatile String last = "";

  private Errors() {}

  @Override
  public void failed(String message, Pointer data) {
    last = message == null ? "" : message;
  }

  /** The report of the call that has just failed. */
  MlxException taken() {
    // mlx-c ends its reports with the place in its own source.
    String message = last.replaceFirst(" at \\S+\\.(cpp|h):\\d+$", "");
    last = "";
    return new MlxException(message.isBlank() ? "failed without giving a reason" : message);
  }

  /** Throws if a function says that it failed. */
  void check(int status) {
    if (status != 0) {
      throw taken();
    }
  }
}
