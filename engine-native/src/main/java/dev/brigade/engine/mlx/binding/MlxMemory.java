package dev.brigade.engine.mlx.binding;

/** What MLX's allocator holds and may hold, in bytes, for the whole process. */
public final class MlxMemory {
  private final Mlx mlx;
  private final Scratch scratch = new Scratch();

  MlxMemory(Mlx mlx) {
    this.mlx = mlx;
  }

  @FunctionalInterface
  private interface Reading {
    int into(long address);
  }

  private long read(Reading reading) {
    return mlx.ask(
        () -> {
          Errors.INSTANCE.check(reading.into(scratch.result()));
          return scratch.written();
        });
  }

  /** In arrays that are alive. */
  public long active() {
    return read(MlxC::mlx_get_active_memory);
  }

  /** The most that was ever in arrays at once, since {@link #resetPeak}. */
  public long peak() {
    return read(MlxC::mlx_get_peak_memory);
  }

  /** Begins to look for the peak anew. */
  public void resetPeak() {
    mlx.ask(
        () -> {
          Errors.INSTANCE.check(MlxC.mlx_reset_peak_memory());
          return 0;
        });
  }

  /** The most that is kept for arrays to come. */
  public void limitCache(long bytes) {
    read(address -> MlxC.mlx_set_cache_limit(address, bytes));
  }

  /** What the operating system is asked to keep resident; does nothing without a GPU of Apple's. */
  public void limitWired(long bytes) {
    read(address -> MlxC.mlx_set_wired_limit(address, bytes));
  }

  /** Gives what is kept for arrays to come back to the operating system. */
  public void clearCache() {
    mlx.ask(
        () -> {
          Errors.INSTANCE.check(MlxC.mlx_clear_cache());
          return 0;
        });
  }
}
