package dev.brigade.cluster.generation;

import dev.brigade.spi.partition.Stage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * The pipeline of a request's present attempt, and those of earlier ones whose sequences may still
 * be held somewhere. Owned by the loop.
 */
final class Pipelines {
  private Optional<Pipeline> current = Optional.empty();
  private final List<Pipeline> left = new ArrayList<>();

  void use(Pipeline pipeline) {
    current = Optional.of(pipeline);
  }

  Optional<Pipeline> current() {
    return current;
  }

  boolean isCurrent(Pipeline candidate) {
    return current.isPresent() && current.get() == candidate;
  }

  /**
   * Ceases to use the current one. Its stages keep what they have cached until it is known whether
   * the next attempt uses it.
   */
  Optional<Pipeline> leave() {
    Optional<Pipeline> old = current;
    old.ifPresent(left::add);
    current = Optional.empty();
    return old;
  }

  /** Frees what earlier attempts hold on nodes that the current one does not use. */
  void closeLeft() {
    List<Stage> used = current.map(Pipeline::stages).orElse(List.of());
    for (Pipeline old : left) {
      old.closeExcept(used.stream().map(Stage::node).toList());
    }
    left.clear();
  }

  /**
   * Closes the sequence wherever it may be.
   *
   * @return what the stages of the current one have done
   */
  CompletableFuture<List<StageTiming>> closeAll() {
    left.forEach(Pipeline::close);
    return current
        .map(Pipeline::close)
        .orElseGet(() -> CompletableFuture.completedFuture(List.of()));
  }
}
