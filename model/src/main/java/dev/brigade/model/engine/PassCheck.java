package dev.brigade.model.engine;

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
import java.util.function.Predicate;

/**
 * Refuses passes that do not fit a shard, before anything native sees them.
 *
 * @param hiddenTypes element types in which the shard takes and gives hidden states
 * @param open whether a sequence is open on the shard
 */
public record PassCheck(
    Shard shard, DecoderShape shape, Set<DType> hiddenTypes, Predicate<Sequence> open) {
  public PassCheck {
    hiddenTypes = Set.copyOf(hiddenTypes);
  }

  /** Throws {@link IllegalArgumentException} with what was wanted and what was given. */
  public void require(Pass pass, Tensor out) {
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
          "logits go to F32[%d, %d], not to %s%s"
              .formatted(pass.outputs(), shape.vocabulary(), out.type(), out.shape()));
    }
    requireDirect(pass.in());
    requireDirect(out);
  }

  private void require(Slice slice, Set<Sequence> seen) {
    Sequence sequence = slice.sequence();
    if (!open.test(sequence)) {
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
    if (!hiddenTypes.contains(tensor.type())
        || !tensor.shape().equals(List.of((long) rows, (long) shape.width()))) {
      throw new IllegalArgumentException(
          "%s of hidden states is one of %s with shape [%d, %d], not %s%s"
              .formatted(what, hiddenTypes, rows, shape.width(), tensor.type(), tensor.shape()));
    }
  }

  private static void requireDirect(Tensor tensor) {
    if (!tensor.data().isDirect()) {
      throw new IllegalArgumentException("a tensor handed to an engine must be in direct memory");
    }
  }
}
