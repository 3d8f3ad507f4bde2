package dev.brigade.cluster;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** The state that others may look at: written by the loop, read from any thread. */
final class StateBoard {
  private final List<Consumer<ClusterState>> listeners = new CopyOnWriteArrayList<>();
  private volatile ClusterState now;

  StateBoard(ClusterState first) {
    now = first;
  }

  ClusterState now() {
    return now;
  }

  void publish(ClusterState state) {
    now = state;
    listeners.forEach(listener -> listener.accept(state));
  }

  void onChange(Consumer<ClusterState> listener) {
    listeners.add(listener);
  }

  CompletableFuture<ClusterState> when(Predicate<ClusterState> condition) {
    CompletableFuture<ClusterState> result = new CompletableFuture<>();
    Consumer<ClusterState> listener =
        state -> {
          if (condition.test(state)) {
            result.complete(state);
          }
        };
    listeners.add(listener);
    result.whenComplete((state, failure) -> listeners.remove(listener));
    // After the listener is there, so that no state is missed in between.
    listener.accept(now);
    return result;
  }
}
