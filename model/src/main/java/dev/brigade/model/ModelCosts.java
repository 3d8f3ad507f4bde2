package dev.brigade.model;

import dev.brigade.model.decoder.Decoder;
import dev.brigade.model.decoder.DecoderShape;
import dev.brigade.model.decoder.WeightCensus;
import dev.brigade.model.decoder.WeightCensus.Nothing;
import dev.brigade.model.weights.Weight;
import dev.brigade.spi.engine.ModelRef;
import dev.brigade.spi.partition.ModelShape;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;

/** Counts what a decoder's weights and caches come to. */
final class ModelCosts {
  private ModelCosts() {}

  static ModelShape shape(ModelRef ref, Decoder decoder, OptionalDouble storedBytesPerWeight) {
    DecoderShape sizes = decoder.shape();
    Set<Weight> embedding = WeightCensus.of(ops -> decoder.embed(ops, Nothing.NOTHING));
    Set<Weight> head = WeightCensus.of(ops -> decoder.head(ops, Nothing.NOTHING));
    List<Long> weights = new ArrayList<>();
    List<Long> reads = new ArrayList<>();
    List<Long> kv = new ArrayList<>();
    for (int i = 0; i < sizes.layers(); i++) {
      int layer = i;
      weights.add(elements(WeightCensus.of(ops -> decoder.layer(ops, layer, Nothing.NOTHING))));
      reads.add(WeightCensus.elementsForAToken(ops -> decoder.layer(ops, layer, Nothing.NOTHING)));
      kv.add((long) decoder.kv(layer).elements());
    }
    return new ModelShape(
        ref,
        sizes.width(),
        sizes.vocabulary(),
        sizes.contextLimit(),
        weights,
        kv,
        elements(embedding),
        elements(head),
        !Collections.disjoint(embedding, head),
        reads,
        storedBytesPerWeight);
  }

  private static long elements(Set<Weight> weights) {
    return weights.stream().mapToLong(Weight::elements).sum();
  }
}
