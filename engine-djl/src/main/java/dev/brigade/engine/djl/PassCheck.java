package dev.brigade.engine.djl;

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
final class PassCheck {
  private final DjlShard owner;
  private final Shard shard;
  private final DecoderShape shape;

  PassCheck(DjlShard owner, Shard shard, DecoderShape shape) {
    this.owner = owner;
    this.shard = shard;
    this.shape = shape;
  }

  /** Throws {@link IllegalArgumentException} with what was wanted and what was given. */
  void require(Pass pass, Tensor out) {
    Set<Sequence> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    for (Slice slice : pass.slices()) {
      require(slice, seen);
    }
    if (shard.embeds()) {
      requireIds(pass.in());
    } else {
      requireHidden("input", pass.in(), pass.rows());
    }
    if (!shard.hasHead()) {
      requireHidden("output", out, pass.rows());
    } else if (out.type() != DType.F32
        || !out.shape().equals(List.of((long) pass.outputs(), (long) shape.vocabulary()))) {
      throw new IllegalArgumentException(
          "logits go to F32["
              + pass.outputs()
              + ", "
              + shape.vocabulary()
              + "], not to "
              + out.type()
              + out.shape());
    }
  }

  private void require(Slice slice, Set<Sequence> seen) {
    if (!(slice.sequence() instanceof DjlSequence sequence) || !sequence.isOpenOn(owner)) {
      throw new IllegalArgumentException("a slice's sequence is not open on this shard");
    }
    if (!seen.add(sequence)) {
      throw new IllegalArgumentException("a sequence occurs twice in one pass");
    }
    if (slice.count() > sequence.capacity() - sequence.length()) {
      throw new IllegalArgumentException(
          "a slice of "
              + slice.count()
              + " tokens after "
              + sequence.length()
              + " goes beyond the sequence's capacity of "
              + sequence.capacity());
    }
  }

  private void requireIds(Tensor in) {
    if (in.type() != DType.I32 || in.shape().size() != 1) {
      throw new IllegalArgumentException("token ids are I32[rows], not " + in.type() + in.shape());
    }
    IntBuffer ids = in.bytes().asIntBuffer();
    while (ids.hasRemaining()) {
      int id = ids.get();
      if (id < 0 || id >= shape.vocabulary()) {
        throw new IllegalArgumentException(
            "token id " + id + " is not within the vocabulary of " + shape.vocabulary());
      }
    }
  }

  private void requireHidden(String what, Tensor tensor, int rows) {
    boolean type = tensor.type() == DType.F32 || tensor.type() == DType.BF16;
    if (!type || !tensor.shape().equals(List.of((long) rows, (long) shape.width()))) {
      throw new IllegalArgumentException(
          what
              + " of hidden states is F32 or BF16 ["
              + rows
              + ", "
              + shape.width()
              + "], not "
              + tensor.type()
              + tensor.shape());
    }
  }
}
