package dev.brigade.model.block;

import dev.brigade.model.decoder.Decoder;
import dev.brigade.model.decoder.DecoderShape;
import dev.brigade.model.decoder.KvShape;
import dev.brigade.model.decoder.TensorOps;
import java.util.List;

/** A decoder made of its parts. */
public record LayeredDecoder(
    DecoderShape shape, Vocabulary vocabulary, List<? extends DecoderLayer> layers)
    implements Decoder {

  public LayeredDecoder {
    layers = List.copyOf(layers);
    if (layers.size() != shape.layers()) {
      throw new IllegalArgumentException(
          "decoder of " + shape.layers() + " layers was given " + layers.size());
    }
  }

  @Override
  public KvShape kv(int layer) {
    return layers.get(layer).kv();
  }

  @Override
  public <T> T embed(TensorOps<T> ops, T ids) {
    return vocabulary.embed(ops, ids);
  }

  @Override
  public <T> T layer(TensorOps<T> ops, int layer, T x) {
    return layers.get(layer).apply(ops, x);
  }

  @Override
  public <T> T head(TensorOps<T> ops, T x) {
    return vocabulary.logits(ops, x);
  }
}
