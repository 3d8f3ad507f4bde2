package dev.brigade.engine.onnx;

import dev.brigade.model.decoder.DecoderShape;
import dev.brigade.spi.engine.DType;
import dev.brigade.spi.engine.Pass;
import dev.brigade.spi.engine.Sequence;
import dev.brigade.spi.engine.Shard;
import dev.brigade.spi.engine.Slice;
import dev.brigade.spi.engine.Tensor;
import java.nio.IntBuffer;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/** Refuses passes that do not fit a shard, before anything native sees them. */
record PassCheck(OnnxShard owner, Shard shard, DecoderShape shape) {

  /** Throws {@link IllegalArgumentException} with what was wanted and what was given. */
  void require(Pass pass, Tensor out) {
    Set<Sequence> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    for (Slice slice : pass.slices()) {
      require(slice, seen);
    }
    List<Long> ids = List.of((long) pass.rows());
    List<Long> hidden = List.of((long) pass.rows(), (long) shape.width());
    List<Long> logits = List.of((long) pass.outputs(), (long) shape.vocabulary());
    if (shard.embeds()) {
      require("token ids", pass.in(), DType.I32, ids);
      requireKnown(pass.in());
    } else {
      require("hidden states that enter", pass.in(), DType.F32, hidden);
    }
    if (shard.hasHead()) {
      require("logits", out, DType.F32, logits);
    } else {
      require("hidden states that leave", out, DType.F32, hidden);
    }
  }

  private void require(Slice slice, Set<Sequence> seen) {
    if (!(slice.sequence() instanceof OnnxSequence sequence) || !sequence.isOpenOn(owner)) {
      throw new IllegalArgumentException("a slice's sequence is not open on this shard");
    }
    if (!seen.add(sequence)) {
      throw new IllegalArgumentException("a sequence occurs twice in one pass");
    }
    if (slice.count() > sequence.capacity() - sequence.length()) {
      throw new IllegalArgumentException(
          "a slice of %d tokens after %d goes beyond the sequence's capacity of %d"
              .formatted(slice.count(), sequence.length(), sequence.capacity()));
    }
  }

  private void requireKnown(Tensor in) {
    IntBuffer ids = in.bytes().asIntBuffer();
    while (ids.hasRemaining()) {
      int id = ids.get();
      if (id < 0 || id >= shape.vocabulary()) {
        throw new IllegalArgumentException(
            "token id " + id + " is not within the vocabulary of " + shape.vocabulary());
      }
    }
  }

  private static void require(String what, Tensor tensor, DType type, List<Long> sizes) {
    if (tensor.type() != type || !tensor.shape().equals(sizes)) {
      throw new IllegalArgumentException(
          "%s are %s%s, want %s%s".formatted(what, tensor.type(), tensor.shape(), type, sizes));
    }
    if (!tensor.data().isDirect()) {
      throw new IllegalArgumentException(what + " are not in a direct buffer");
    }
  }
}
