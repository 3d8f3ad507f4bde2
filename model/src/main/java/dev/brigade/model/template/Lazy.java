package dev.brigade.model.template;

import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * What most sequence filters give in Python: a generator. It has no length, is always true, and can
 * be consumed only once; templates depend on all three.
 */
record Lazy(String typeName, Iterator<Object> elements) {

  static Lazy generator(Iterator<Object> elements) {
    return new Lazy("generator", elements);
  }

  /** A generator that starts, and may fail, only when its first element is asked for. */
  static Lazy startedWhenAsked(Supplier<Iterator<Object>> start) {
    return generator(
        new Iterator<>() {
          private Optional<Iterator<Object>> started = Optional.empty();

          @Override
          public boolean hasNext() {
            if (started.isEmpty()) {
              started = Optional.of(start.get());
            }
            return started.get().hasNext();
          }

          @Override
          public Object next() {
            if (!hasNext()) {
              throw new NoSuchElementException();
            }
            return started.orElseThrow().next();
          }
        });
  }

  static Lazy map(Iterator<Object> source, Function<Object, Object> function) {
    return generator(
        new Iterator<>() {
          @Override
          public boolean hasNext() {
            return source.hasNext();
          }

          @Override
          public Object next() {
            return function.apply(source.next());
          }
        });
  }

  static Lazy filter(Iterator<Object> source, Predicate<Object> wanted) {
    return generator(
        new Iterator<>() {
          private Object ahead;
          private boolean hasAhead;

          @Override
          public boolean hasNext() {
            while (!hasAhead && source.hasNext()) {
              ahead = source.next();
              hasAhead = wanted.test(ahead);
            }
            return hasAhead;
          }

          @Override
          public Object next() {
            if (!hasNext()) {
              throw new NoSuchElementException();
            }
            hasAhead = false;
            return ahead;
          }
        });
  }
}
