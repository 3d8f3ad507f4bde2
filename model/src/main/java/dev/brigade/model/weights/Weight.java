package dev.brigade.model.weights;

import java.util.ArrayList;
import java.util.List;

/**
 * A weight that a recipe asks for: a tensor of the checkpoint by its canonical (Hugging Face) name,
 * or one made of others. A closed little algebra, so that every file format and every engine can
 * evaluate it, and can see when a weight is just bytes of the file.
 */
public sealed interface Weight {

  /** Sizes, outermost first: {@code [out, in]} for projections, {@code [n]} for vectors. */
  List<Long> shape();

  /** Number of elements. */
  default long elements() {
    return shape().stream().reduce(1L, Math::multiplyExact);
  }

  /** A tensor of the checkpoint, which must have this shape there. */
  static Weight named(String name, long... shape) {
    return new Named(name, java.util.Arrays.stream(shape).boxed().toList());
  }

  /** Rows {@code [from, to)} of the outermost dimension, as fused projections need. */
  default Weight rows(long from, long to) {
    return slice(0, from, to, 1);
  }

  /**
   * Every {@code step}-th of the entries {@code [from, to)} of one dimension, as interleaved
   * projections and fused stacks of experts need.
   *
   * @param dimension 0 is the outermost
   */
  default Weight slice(int dimension, long from, long to, long step) {
    return new Slice(this, dimension, from, to, step);
  }

  /** With the two innermost dimensions exchanged. */
  default Weight transposed() {
    return new Transposed(this);
  }

  /**
   * One entry of the outermost dimension, which goes: a matrix of a stack.
   *
   * @param index from 0
   */
  default Weight entry(long index) {
    return new Entry(this, index);
  }

  /** With a constant added to every element: Gemma's norms are stored as w and mean 1 + w. */
  default Weight plus(double constant) {
    return new Plus(this, constant);
  }

  /** Equal shapes under a new outermost dimension: the experts of a layer. */
  static Weight stack(List<Weight> parts) {
    return new Stack(parts);
  }

  /** Rows of several weights, one after the other. */
  static Weight concat(List<Weight> parts) {
    return new Concat(parts);
  }

  /** The first whose tensors are all in the checkpoint: for what is stored in more than one way. */
  static Weight firstOf(Weight... alternatives) {
    return new FirstOf(List.of(alternatives));
  }

  /** See {@link #named}. */
  record Named(String name, List<Long> shape) implements Weight {
    public Named {
      shape = List.copyOf(shape);
    }
  }

  /** See {@link #slice}. */
  record Slice(Weight of, int dimension, long from, long to, long step) implements Weight {
    public Slice {
      if (dimension < 0
          || dimension >= of.shape().size()
          || from < 0
          || from >= to
          || to > of.shape().get(dimension)
          || step < 1) {
        throw new IllegalArgumentException(
            "entries %d to %d step %d of dimension %d of shape %s"
                .formatted(from, to, step, dimension, of.shape()));
      }
    }

    @Override
    public List<Long> shape() {
      List<Long> shape = new ArrayList<>(of.shape());
      shape.set(dimension, (to - from + step - 1) / step);
      return List.copyOf(shape);
    }
  }

  /** See {@link #transposed}. */
  record Transposed(Weight of) implements Weight {
    public Transposed {
      if (of.shape().size() < 2) {
        throw new IllegalArgumentException("cannot transpose shape " + of.shape());
      }
    }

    @Override
    public List<Long> shape() {
      List<Long> shape = new ArrayList<>(of.shape());
      int inner = shape.size() - 1;
      java.util.Collections.swap(shape, inner - 1, inner);
      return List.copyOf(shape);
    }
  }

  /** See {@link #entry}. */
  record Entry(Weight of, long index) implements Weight {
    public Entry {
      if (of.shape().size() < 2 || index < 0 || index >= of.shape().get(0)) {
        throw new IllegalArgumentException("entry %d of shape %s".formatted(index, of.shape()));
      }
    }

    @Override
    public List<Long> shape() {
      return of.shape().subList(1, of.shape().size());
    }
  }

  /** See {@link #plus}. */
  record Plus(Weight of, double constant) implements Weight {
    @Override
    public List<Long> shape() {
      return of.shape();
    }
  }

  /** See {@link #stack}. */
  record Stack(List<Weight> parts) implements Weight {
    public Stack {
      parts = requireParts(parts);
      for (Weight part : parts) {
        if (!part.shape().equals(parts.get(0).shape())) {
          throw new IllegalArgumentException(
              "cannot stack shapes " + parts.get(0).shape() + " and " + part.shape());
        }
      }
    }

    @Override
    public List<Long> shape() {
      List<Long> shape = new ArrayList<>(parts.get(0).shape());
      shape.add(0, (long) parts.size());
      return List.copyOf(shape);
    }
  }

  /** See {@link #concat}. */
  record Concat(List<Weight> parts) implements Weight {
    public Concat {
      parts = requireParts(parts);
      List<Long> inner = inner(parts.get(0));
      for (Weight part : parts) {
        if (!inner(part).equals(inner)) {
          throw new IllegalArgumentException(
              "cannot join rows of shapes " + parts.get(0).shape() + " and " + part.shape());
        }
      }
    }

    private static List<Long> inner(Weight weight) {
      return weight.shape().subList(1, weight.shape().size());
    }

    @Override
    public List<Long> shape() {
      List<Long> shape = new ArrayList<>(parts.get(0).shape());
      shape.set(0, parts.stream().mapToLong(part -> part.shape().get(0)).sum());
      return List.copyOf(shape);
    }
  }

  /** See {@link #firstOf}. */
  record FirstOf(List<Weight> alternatives) implements Weight {
    public FirstOf {
      alternatives = requireParts(alternatives);
      for (Weight alternative : alternatives) {
        if (!alternative.shape().equals(alternatives.get(0).shape())) {
          throw new IllegalArgumentException(
              "alternatives of shapes %s and %s"
                  .formatted(alternatives.get(0).shape(), alternative.shape()));
        }
      }
    }

    @Override
    public List<Long> shape() {
      return alternatives.get(0).shape();
    }
  }

  private static List<Weight> requireParts(List<Weight> parts) {
    if (parts.isEmpty()) {
      throw new IllegalArgumentException("a weight made of others needs at least one");
    }
    return List.copyOf(parts);
  }
}
