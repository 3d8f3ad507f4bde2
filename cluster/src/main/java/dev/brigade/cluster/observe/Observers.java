package dev.brigade.cluster.observe;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** All who watch a node. May be added to from any thread. */
public final class Observers implements NodeObserver {
  private static final System.Logger LOG = System.getLogger(Observers.class.getName());

  private final List<NodeObserver> observers = new CopyOnWriteArrayList<>();

  /**
   * Adds one.
   *
   * @return what takes it away again
   */
  public Runnable add(NodeObserver observer) {
    observers.add(observer);
    return () -> observers.remove(observer);
  }

  @Override
  public void event(ClusterEvent event) {
    tell(observer -> observer.event(event));
  }

  @Override
  public void measured(StageMeasure measure) {
    tell(observer -> observer.measured(measure));
  }

  private void tell(Consumer<NodeObserver> what) {
    for (NodeObserver observer : observers) {
      try {
        what.accept(observer);
      } catch (RuntimeException e) {
        LOG.log(System.Logger.Level.ERROR, "an observer failed; this is a defect", e);
      }
    }
  }
}
