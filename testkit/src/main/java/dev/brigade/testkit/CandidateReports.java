package dev.brigade.testkit;

import dev.brigade.spi.transport.Endpoint;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** Keeps what a discovery reported and by which threads. */
public final class CandidateReports implements Consumer<Set<Endpoint>> {
  private final List<Set<Endpoint>> all = new ArrayList<>();
  private final Set<Thread> threads = new HashSet<>();

  @Override
  public synchronized void accept(Set<Endpoint> candidates) {
    all.add(Set.copyOf(candidates));
    threads.add(Thread.currentThread());
  }

  /** Every report so far, in order. */
  public synchronized List<Set<Endpoint>> all() {
    return List.copyOf(all);
  }

  /** Whether the last report was exactly these; false if there was none. */
  public synchronized boolean latestIs(Endpoint... expected) {
    return !all.isEmpty() && all.get(all.size() - 1).equals(Set.of(expected));
  }

  /** The threads that reports came from. */
  public synchronized Set<Thread> threads() {
    return Set.copyOf(threads);
  }
}
