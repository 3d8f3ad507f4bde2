package dev.brigade.spi.engine;

/** One request's KV cache on one shard. Used from the engine's thread only. */
public interface Sequence extends AutoCloseable {

  /** Tokens held; the next slice starts at this position. */
  int length();

  /** Most tokens it can hold. */
  int capacity();

  /**
   * Forgets tokens from the end.
   *
   * @param length how many to keep, at most {@link #length()}
   * @return how many could be kept, at most {@code length} (a cache that keeps only a window may
   *     have to forget more); the caller replays the rest
   */
  int truncate(int length);

  /**
   * A copy that goes its own way from here.
   *
   * @param spec whose capacity is at least {@link #length()}
   */
  Sequence fork(SequenceSpec spec) throws InsufficientMemoryException;

  /** Writes the cache of tokens {@code [from, to)}, layer by layer. */
  void exportKv(int from, int to, KvSink sink) throws EngineException;

  /**
   * Appends cached tokens as {@link #exportKv} wrote them on any engine; {@link #length()} grows to
   * {@link KvSource#to()}.
   *
   * @throws IllegalArgumentException if {@link KvSource#from()} is not {@link #length()}, or shapes
   *     do not fit
   */
  void importKv(KvSource source) throws EngineException;

  @Override
  void close();
}
