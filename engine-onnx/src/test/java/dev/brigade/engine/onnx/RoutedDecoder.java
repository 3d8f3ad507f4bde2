package dev.brigade.engine.onnx;

import dev.brigade.model.decoder.Activation;
import dev.brigade.model.decoder.Decoder;
import dev.brigade.model.decoder.DecoderShape;
import dev.brigade.model.decoder.ExpertStacks;
import dev.brigade.model.decoder.KvShape;
import dev.brigade.model.decoder.TensorOps;
import dev.brigade.model.weights.Weight;
import java.util.Optional;

/** Nothing but a router and its experts between embedding and head. */
record RoutedDecoder(int experts, int chosen, int width, int inner, Activation activation)
    implements Decoder {
  private static final int VOCABULARY = 50;

  @Override
  public DecoderShape shape() {
    return new DecoderShape(1, width, VOCABULARY, 100);
  }

  @Override
  public KvShape kv(int layer) {
    return new KvShape(1, 1, 1);
  }

  @Override
  public <T> T embed(TensorOps<T> ops, T ids) {
    return ops.scale(ops.embedding(Weight.named("table", VOCABULARY, width), ids), 20);
  }

  @Override
  public <T> T layer(TensorOps<T> ops, int layer, T x) {
    T scores = ops.sigmoid(ops.linear(x, Weight.named("router", experts, width)));
    TensorOps.TopK<T> top = ops.topK(scores, chosen);
    ExpertStacks stacks =
        new ExpertStacks(
            Weight.named("gate", experts, inner, width),
            Weight.named("up", experts, inner, width),
            Weight.named("down", experts, width, inner),
            Optional.of(
                new ExpertStacks.Biases(
                    Weight.named("gate_bias", experts, inner),
                    Weight.named("up_bias", experts, inner),
                    Weight.named("down_bias", experts, width))));
    return ops.experts(x, top.ids(), top.values(), stacks, activation);
  }

  @Override
  public <T> T head(TensorOps<T> ops, T x) {
    return ops.linear(x, Weight.named("head", VOCABULARY, width));
  }
}
