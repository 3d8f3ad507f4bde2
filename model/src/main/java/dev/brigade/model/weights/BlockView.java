package dev.brigade.model.weights;

import dev.brigade.spi.engine.EngineException.BadModel;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Part of a stored tensor of quantised blocks; the strides count blocks. */
record BlockView(StoredBlocks stored, Strides strides) {

  /**
   * A weight in blocks, if it is made of whole ones of tensors that are all stored in the same
   * type.
   *
   * @param parts its normal form
   */
  static Optional<BlockWeight> joined(
      Weight weight, List<Weight> parts, WeightEvaluator.Tensors tensors) throws BadModel {
    ByteRuns runs = new ByteRuns();
    BlockType type = null;
    for (Weight part : parts) {
      Optional<BlockView> view = of(part, tensors);
      if (view.isEmpty() || (type != null && type != view.get().type())) {
        return Optional.empty();
      }
      type = view.get().type();
      view.get().addTo(runs);
    }
    return Optional.of(new BlockWeight(type, weight.shape(), runs));
  }

  private static Optional<BlockView> of(Weight part, WeightEvaluator.Tensors tensors)
      throws BadModel {
    if (part instanceof Weight.Slice slice) {
      return of(slice.of(), tensors).flatMap(view -> view.sliced(slice));
    } else if (part instanceof Weight.Entry entry) {
      return of(entry.of(), tensors)
          .map(view -> new BlockView(view.stored(), view.strides().entry(entry.index())));
    } else if (part instanceof Weight.Named named) {
      StoredElements elements = tensors.find(named);
      return elements.blocks().map(blocks -> whole(blocks, elements.shape()));
    }
    return Optional.empty();
  }

  private static BlockView whole(StoredBlocks blocks, List<Long> shape) {
    List<Long> counts = new ArrayList<>(shape);
    int innermost = counts.size() - 1;
    counts.set(innermost, counts.get(innermost) / blocks.type().elements());
    return new BlockView(blocks, Strides.of(List.copyOf(counts)));
  }

  private BlockType type() {
    return stored.type();
  }

  private Optional<BlockView> sliced(Weight.Slice slice) {
    int dimension = slice.dimension();
    if (dimension < strides.shape().size() - 1) {
      return Optional.of(
          new BlockView(stored, strides.sliced(dimension, slice.from(), slice.to(), slice.step())));
    }
    int each = type().elements();
    boolean whole = slice.step() == 1 && slice.from() % each == 0 && slice.to() % each == 0;
    return whole
        ? Optional.of(
            new BlockView(
                stored, strides.sliced(dimension, slice.from() / each, slice.to() / each, 1)))
        : Optional.empty();
  }

  private void addTo(ByteRuns runs) {
    int bytes = type().bytes();
    if (strides.isContiguous()) {
      long begin = strides.offset();
      runs.add(stored.bytes(), begin * bytes, (begin + strides.elements()) * bytes);
      return;
    }
    long run = strides.run();
    try {
      strides.eachRun(at -> runs.add(stored.bytes(), at * bytes, (at + run) * bytes));
    } catch (IOException e) {
      throw new AssertionError("nothing is read here", e);
    }
  }
}
