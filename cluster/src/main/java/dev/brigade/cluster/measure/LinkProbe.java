package dev.brigade.cluster.measure;

import dev.brigade.cluster.runtime.Messenger;
import dev.brigade.cluster.runtime.NodeRuntime;
import dev.brigade.cluster.wire.Head;
import dev.brigade.spi.Timer;
import dev.brigade.spi.transport.MeasuredLink;
import dev.brigade.spi.transport.NodeId;
import dev.brigade.spi.transport.NodeInfo;
import dev.brigade.spi.transport.View;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Measures the links to all other members: at first sight, after a minute, and ever less often
 * while nobody new comes. One node at a time gets a few small messages and a few large ones; the
 * fastest of each count, as what is slower had to wait for something else. Owned by the loop.
 */
public final class LinkProbe {
  private static final int LARGE_BYTES = 64 * 1024;
  private static final ByteBuffer LARGE_BODY = ByteBuffer.allocateDirect(LARGE_BYTES);

  /** The first one may open a connection. */
  private static final int SMALL = 3;

  private static final int LARGE = 2;
  private static final Duration DEADLINE = Duration.ofSeconds(5);
  private static final Duration SHORTEST_PAUSE = Duration.ofMinutes(1);
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(16);

  /** By which factor a time or a rate must differ from what is announced to be announced anew. */
  private static final double CHANGE = 2;

  /** What a measurement that is too short for the clock is taken for. */
  private static final double SHORTEST_NANOS = 1_000;

  private final NodeId self;
  private final NodeRuntime runtime;
  private final Messenger messenger;
  private final Runnable changed;
  private final Map<NodeId, MeasuredLink> links = new LinkedHashMap<>();
  private final Deque<NodeId> waiting = new ArrayDeque<>();
  private Duration pause = SHORTEST_PAUSE;
  private View view = new View(0, List.of());
  private Optional<Timer.Scheduled> next = Optional.empty();
  private boolean measuring;
  private boolean news;
  private boolean closed;

  /**
   * @param changed run when {@link #links} has changed so much that it should be announced
   */
  public LinkProbe(NodeId self, NodeRuntime runtime, Messenger messenger, Runnable changed) {
    this.self = self;
    this.runtime = runtime;
    this.messenger = messenger;
    this.changed = changed;
  }

  /** What has been measured, one for each member that answers. */
  public List<MeasuredLink> links() {
    return List.copyOf(links.values());
  }

  /** Forgets who is gone, and measures who has come. */
  public void viewChanged(View newView) {
    View old = view;
    view = newView;
    links.keySet().removeIf(id -> newView.member(id).isEmpty());
    waiting.removeIf(id -> newView.member(id).isEmpty());
    for (NodeInfo node : newView.members()) {
      if (!node.id().equals(self) && old.member(node.id()).isEmpty()) {
        waiting.add(node.id());
        pause = SHORTEST_PAUSE;
      }
    }
    measureNext();
  }

  private void measureNext() {
    if (measuring || closed) {
      return;
    }
    NodeId peer = waiting.poll();
    if (peer == null) {
      roundIsOver();
      return;
    }
    measuring = true;
    List<Long> small = new ArrayList<>();
    List<Long> large = new ArrayList<>();
    repeat(peer, 0, SMALL, small)
        .thenCompose(done -> repeat(peer, LARGE_BYTES, LARGE, large))
        .whenComplete(
            (done, failure) -> {
              measuring = false;
              if (failure == null && view.member(peer).isPresent()) {
                keep(link(peer, shortest(small), shortest(large)));
              }
              measureNext();
            });
  }

  private CompletableFuture<Void> repeat(NodeId peer, int bytes, int times, List<Long> nanos) {
    if (times == 0) {
      return CompletableFuture.completedFuture(null);
    }
    Instant begin = runtime.clock().instant();
    List<ByteBuffer> body = bytes == 0 ? List.of() : List.of(LARGE_BODY.duplicate());
    return messenger
        .send(peer, new Head.Probe(bytes), body, DEADLINE, Head.Ack.class)
        .thenCompose(
            answer -> {
              nanos.add(Duration.between(begin, runtime.clock().instant()).toNanos());
              return repeat(peer, bytes, times - 1, nanos);
            });
  }

  private static long shortest(List<Long> nanos) {
    return nanos.stream().mapToLong(Long::longValue).min().orElseThrow();
  }

  private static MeasuredLink link(NodeId to, long small, long large) {
    double transfer = Math.max(SHORTEST_NANOS, large - small);
    return new MeasuredLink(to, Duration.ofNanos(small), LARGE_BYTES / (transfer * 1e-9));
  }

  private void keep(MeasuredLink link) {
    MeasuredLink before = links.get(link.to());
    if (before == null || differs(before, link)) {
      links.put(link.to(), link);
      news = true;
    }
  }

  private static boolean differs(MeasuredLink a, MeasuredLink b) {
    return differs(a.roundTrip().toNanos(), b.roundTrip().toNanos())
        || differs(a.bytesPerSecond(), b.bytesPerSecond());
  }

  private static boolean differs(double a, double b) {
    return Math.max(a, b) > CHANGE * Math.max(SHORTEST_NANOS, Math.min(a, b));
  }

  private void roundIsOver() {
    if (next.isEmpty()) {
      next = Optional.of(runtime.timer().schedule(pause, this::measureAll));
    }
    if (news) {
      news = false;
      changed.run();
    }
  }

  private void measureAll() {
    view.members().stream()
        .map(NodeInfo::id)
        .filter(id -> !id.equals(self) && !waiting.contains(id))
        .forEach(waiting::add);
    Duration doubled = pause.multipliedBy(2);
    pause = doubled.compareTo(LONGEST_PAUSE) < 0 ? doubled : LONGEST_PAUSE;
    next = Optional.empty();
    measureNext();
  }

  /** Measures no more. */
  public void close() {
    closed = true;
    next.ifPresent(Timer.Scheduled::cancel);
  }
}
