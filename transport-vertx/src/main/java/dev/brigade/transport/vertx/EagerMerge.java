package dev.brigade.transport.vertx;

import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jgroups.Address;
import org.jgroups.PhysicalAddress;
import org.jgroups.View;
import org.jgroups.ViewId;
import org.jgroups.protocols.MERGE3;
import org.jgroups.stack.IpAddress;

/**
 * MERGE3 that does not wait for its turn. Nodes usually start before discovery has told them of
 * each other, so that joining late is the rule: as soon as a new candidate is seen they exchange
 * views, and as soon as views are seen to differ they merge. MERGE3's own interval remains the
 * fallback.
 */
final class EagerMerge extends MERGE3 {
  private static final long LOOK_EVERY_MILLIS = 200;

  /** Lets the views of several nodes come in before they are compared. */
  private static final long COMPARE_AFTER_MILLIS = 50;

  private final CandidateDiscovery discovery;
  private final Executor blocking;
  private final AtomicBoolean looking = new AtomicBoolean();
  private final AtomicBoolean comparing = new AtomicBoolean();
  private final Set<IpAddress> approached = new HashSet<>();

  EagerMerge(CandidateDiscovery discovery, Executor blocking) {
    this.discovery = discovery;
    this.blocking = blocking;
    setMaxInterval(3000);
    setMinInterval(1000);
  }

  @Override
  public void start() throws Exception {
    super.start();
    getTransport()
        .getTimer()
        .scheduleWithFixedDelay(
            this::look, LOOK_EVERY_MILLIS, LOOK_EVERY_MILLIS, TimeUnit.MILLISECONDS, false);
  }

  private void look() {
    if (view != null && looking.compareAndSet(false, true)) {
      execute(
          () -> {
            try {
              if (discovery.seesStrangers(addresses(view), approached)) {
                sendInfo();
              }
            } finally {
              looking.set(false);
            }
          });
    }
  }

  @Override
  protected void addInfo(Address sender, ViewId viewId, String name, PhysicalAddress address) {
    super.addInfo(sender, viewId, name, address);
    View mine = view;
    boolean differs = mine != null && !Objects.equals(mine.getViewId(), viewId);
    if (differs && comparing.compareAndSet(false, true)) {
      getTransport()
          .getTimer()
          .schedule(
              () -> execute(this::compare), COMPARE_AFTER_MILLIS, TimeUnit.MILLISECONDS, false);
    }
  }

  private void compare() {
    comparing.set(false);
    checkInconsistencies();
  }

  private Set<PhysicalAddress> addresses(View current) {
    Set<PhysicalAddress> addresses = new HashSet<>();
    for (Address member : current) {
      PhysicalAddress address = discovery.physical(member);
      if (address != null) {
        addresses.add(address);
      }
    }
    return addresses;
  }

  private void execute(Runnable task) {
    try {
      blocking.execute(task);
    } catch (RejectedExecutionException e) {
      // The transport closes; there is nothing left to merge with.
    }
  }
}
