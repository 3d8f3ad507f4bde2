package dev.brigade.spi.engine;

/** Gives a KV cache to import, in the shapes of {@link KvSink}. */
public interface KvSource {

  /** First token. */
  int from();

  /** One past the last token. */
  int to();

  /** Keys of one layer. */
  Tensor keys(int layer);

  /** Values of one layer. */
  Tensor values(int layer);
}
