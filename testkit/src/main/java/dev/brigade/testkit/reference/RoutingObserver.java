package dev.brigade.testkit.reference;

/** Is told how the reference engine chooses experts, or groups of them. On the engine's thread. */
@FunctionalInterface
public interface RoutingObserver {

  /**
   * The {@code k} largest of a row's scores were chosen.
   *
   * @param row of the pass
   * @param scores one for each expert or group; minus infinity for those that are out already
   */
  void chosen(int row, float[] scores, int k);

  /** Tells nobody. */
  static RoutingObserver none() {
    return (row, scores, k) -> {};
  }
}
