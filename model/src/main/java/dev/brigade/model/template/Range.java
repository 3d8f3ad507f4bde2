package dev.brigade.model.template;

import java.math.BigInteger;
import java.util.AbstractList;

/** Python's range, computed on demand. */
final class Range extends AbstractList<Object> {
  /** jinja2's sandbox refuses longer ones. */
  static final int MAX_LENGTH = 100_000;

  private final BigInteger start;
  private final BigInteger stop;
  private final BigInteger step;
  private final int size;

  Range(BigInteger start, BigInteger stop, BigInteger step) {
    if (step.signum() == 0) {
      throw TemplateException.value("range() arg 3 must not be zero");
    }
    BigInteger span = step.signum() > 0 ? stop.subtract(start) : start.subtract(stop);
    BigInteger stride = step.abs();
    BigInteger length =
        span.signum() <= 0
            ? BigInteger.ZERO
            : span.add(stride).subtract(BigInteger.ONE).divide(stride);
    if (length.compareTo(BigInteger.valueOf(MAX_LENGTH)) > 0) {
      throw new TemplateException(
          TemplateException.Kind.LIMIT,
          "Range too big. The sandbox blocks ranges larger than MAX_RANGE (" + MAX_LENGTH + ").");
    }
    this.start = start;
    this.stop = stop;
    this.step = step;
    this.size = length.intValueExact();
  }

  @Override
  public Object get(int index) {
    if (index < 0 || index >= size) {
      throw new IndexOutOfBoundsException(index);
    }
    return at(index);
  }

  @Override
  public int size() {
    return size;
  }

  /** Every {@code stride}th element from one position up to, without, another. */
  Range slice(int from, int to, int stride) {
    return new Range(at(from), at(to), step.multiply(BigInteger.valueOf(stride)));
  }

  /** The element at a position, which may lie just outside. */
  private BigInteger at(int position) {
    return start.add(step.multiply(BigInteger.valueOf(position)));
  }

  String repr() {
    return step.equals(BigInteger.ONE)
        ? "range(%s, %s)".formatted(start, stop)
        : "range(%s, %s, %s)".formatted(start, stop, step);
  }
}
