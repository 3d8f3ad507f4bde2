package dev.brigade.cluster;

import dev.brigade.cluster.generation.Generation;
import java.util.Optional;

/** A request whose model is still being opened; can be cancelled before it begins. */
final class PendingGeneration implements Generation {
  private final String id;
  private Optional<Generation> begun = Optional.empty();
  private boolean cancelled;

  PendingGeneration(String id) {
    this.id = id;
  }

  @Override
  public String id() {
    return id;
  }

  synchronized void begin(Generation generation) {
    begun = Optional.of(generation);
    if (cancelled) {
      generation.cancel();
    }
  }

  @Override
  public synchronized void cancel() {
    cancelled = true;
    begun.ifPresent(Generation::cancel);
  }
}
