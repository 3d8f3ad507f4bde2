package dev.brigade.model.weights;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * The normal form of a weight: alternatives are decided, and slices, entries, transposes and
 * additions are moved inside stacks and concatenations, so that what is left is parts of one tensor
 * each, joined at the outermost dimension.
 */
final class NormalForm {
  private final Predicate<String> present;

  private NormalForm(Predicate<String> present) {
    this.present = present;
  }

  /**
   * The parts whose elements, one after the other, are those of the weight. None contains a stack,
   * a concatenation or an alternative.
   *
   * @param present whether a tensor of this name is there
   */
  static List<Weight> parts(Weight weight, Predicate<String> present) {
    List<Weight> parts = new ArrayList<>();
    flatten(new NormalForm(present).of(weight), parts);
    return parts;
  }

  private static void flatten(Weight normal, List<Weight> parts) {
    if (normal instanceof Weight.Stack stack) {
      stack.parts().forEach(part -> flatten(part, parts));
    } else if (normal instanceof Weight.Concat concat) {
      concat.parts().forEach(part -> flatten(part, parts));
    } else {
      parts.add(normal);
    }
  }

  private Weight of(Weight weight) {
    if (weight instanceof Weight.Stack || weight instanceof Weight.Concat) {
      return joined(weight, this::of);
    } else if (weight instanceof Weight.FirstOf alternatives) {
      return of(chosen(alternatives));
    } else if (weight instanceof Weight.Plus plus) {
      return plus(of(plus.of()), plus.constant());
    } else if (weight instanceof Weight.Slice slice) {
      return slice(of(slice.of()), slice.dimension(), slice.from(), slice.to(), slice.step());
    } else if (weight instanceof Weight.Entry entry) {
      return entry(of(entry.of()), entry.index());
    } else if (weight instanceof Weight.Transposed transposed) {
      return transpose(of(transposed.of()));
    }
    return weight;
  }

  private static Weight plus(Weight normal, double constant) {
    return isJoined(normal) ? joined(normal, part -> plus(part, constant)) : normal.plus(constant);
  }

  private static Weight transpose(Weight normal) {
    if (!isJoined(normal)) {
      return normal.transposed();
    }
    if (normal.shape().size() < 3) {
      throw new UnsupportedOperationException(
          "transpose of joined rows of shape "
              + normal.shape()
              + ": join transposed parts instead");
    }
    return joined(normal, NormalForm::transpose);
  }

  private static Weight entry(Weight normal, long index) {
    if (normal instanceof Weight.Stack stack) {
      return stack.parts().get(Math.toIntExact(index));
    } else if (normal instanceof Weight.Concat concat) {
      long begin = 0;
      for (Weight part : concat.parts()) {
        long end = begin + part.shape().get(0);
        if (index < end) {
          return entry(part, index - begin);
        }
        begin = end;
      }
    }
    return normal.entry(index);
  }

  private static Weight slice(Weight normal, int dimension, long from, long to, long step) {
    if (normal instanceof Weight.Stack stack && dimension == 0) {
      List<Weight> chosen = new ArrayList<>();
      for (long i = from; i < to; i += step) {
        chosen.add(stack.parts().get(Math.toIntExact(i)));
      }
      return Weight.stack(chosen);
    } else if (normal instanceof Weight.Concat concat && dimension == 0) {
      return rows(concat, from, to, step);
    } else if (normal instanceof Weight.Stack) {
      return joined(normal, part -> slice(part, dimension - 1, from, to, step));
    } else if (normal instanceof Weight.Concat) {
      return joined(normal, part -> slice(part, dimension, from, to, step));
    }
    return normal.slice(dimension, from, to, step);
  }

  private static Weight rows(Weight.Concat concat, long from, long to, long step) {
    List<Weight> chosen = new ArrayList<>();
    long next = from;
    long begin = 0;
    for (Weight part : concat.parts()) {
      long end = Math.min(to, begin + part.shape().get(0));
      if (next < end) {
        chosen.add(slice(part, 0, next - begin, end - begin, step));
        next += (end - next + step - 1) / step * step;
      }
      begin += part.shape().get(0);
    }
    return Weight.concat(chosen);
  }

  private static boolean isJoined(Weight normal) {
    return normal instanceof Weight.Stack || normal instanceof Weight.Concat;
  }

  private static Weight joined(Weight weight, UnaryOperator<Weight> change) {
    return weight instanceof Weight.Stack stack
        ? Weight.stack(stack.parts().stream().map(change).toList())
        : Weight.concat(((Weight.Concat) weight).parts().stream().map(change).toList());
  }

  private Weight chosen(Weight.FirstOf alternatives) {
    return alternatives.alternatives().stream()
        .filter(this::isPresent)
        .findFirst()
        // Nothing is there: the error shall name the usual spelling.
        .orElse(alternatives.alternatives().get(0));
  }

  private boolean isPresent(Weight weight) {
    if (weight instanceof Weight.Named named) {
      return present.test(named.name());
    } else if (weight instanceof Weight.Slice slice) {
      return isPresent(slice.of());
    } else if (weight instanceof Weight.Entry entry) {
      return isPresent(entry.of());
    } else if (weight instanceof Weight.Transposed transposed) {
      return isPresent(transposed.of());
    } else if (weight instanceof Weight.Plus plus) {
      return isPresent(plus.of());
    } else if (weight instanceof Weight.Stack stack) {
      return stack.parts().stream().allMatch(this::isPresent);
    } else if (weight instanceof Weight.Concat concat) {
      return concat.parts().stream().allMatch(this::isPresent);
    }
    return ((Weight.FirstOf) weight).alternatives().stream().anyMatch(this::isPresent);
  }
}
