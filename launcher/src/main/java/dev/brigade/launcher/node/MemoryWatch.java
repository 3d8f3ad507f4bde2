package dev.brigade.launcher.node;

import dev.brigade.cluster.Node;
import dev.brigade.launcher.host.MachineMemory;
import dev.brigade.spi.Timer;
import dev.brigade.spi.transport.Machine;
import java.time.Duration;

/**
 * Lets a node tell the cluster when other programs lastingly take memory of its machine, or give
 * some back. Only while it is the one node here: several would each take the others' models for
 * memory that is lost.
 */
final class MemoryWatch implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(MemoryWatch.class.getName());
  private static final Duration PERIOD = Duration.ofSeconds(30);

  private final Node node;
  private final Timer timer;
  private final MemoryTrend trend;
  private Timer.Scheduled next = () -> {};
  private boolean closed;

  private MemoryWatch(Node node, Timer timer, MemoryTrend trend) {
    this.node = node;
    this.timer = timer;
    this.trend = trend;
  }

  /**
   * Watches from now on.
   *
   * @param told bytes that the node has announced
   */
  static MemoryWatch start(Node node, Timer timer, long told) {
    MemoryWatch watch = new MemoryWatch(node, timer, new MemoryTrend(told));
    watch.again();
    return watch;
  }

  private synchronized void again() {
    if (!closed) {
      next = timer.schedule(PERIOD, this::look);
    }
  }

  private void look() {
    Machine machine = MachineMemory.machine(MachineMemory.reachable());
    long here =
        node.state().nodes().stream().filter(n -> n.machine().id().equals(machine.id())).count();
    if (here <= 1) {
      trend
          .read(machine.memoryBytes())
          .ifPresent(
              bytes -> {
                LOG.log(System.Logger.Level.INFO, "memory that may be used here is now " + bytes);
                node.resize(machine, bytes);
              });
    }
    again();
  }

  @Override
  public synchronized void close() {
    closed = true;
    next.cancel();
  }
}
