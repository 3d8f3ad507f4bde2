package dev.brigade.discovery.udp;

import static java.lang.System.Logger.Level.ERROR;
import static java.lang.System.Logger.Level.WARNING;

import dev.brigade.spi.Host;
import dev.brigade.spi.Timer;
import dev.brigade.spi.discovery.Announcement;
import dev.brigade.spi.transport.Endpoint;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;

/**
 * The work of a discovery's one thread: send when it is time, hear what comes, report what changed.
 * Timers only leave a note and wake the thread up. {@link #stop} may be called from anywhere.
 */
final class BeaconLoop implements Runnable {
  private static final Duration SCAN_PERIOD = Duration.ofSeconds(2);
  private static final Duration SWEEP_PERIOD = Duration.ofMillis(500);
  private static final int DATAGRAMS_PER_TURN = 256;

  private enum Chore {
    SCAN,
    BEACON,
    SWEEP
  }

  private final Host host;
  private final Announcement self;
  private final Consumer<Set<Endpoint>> report;
  private final Selector selector;
  private final System.Logger logger;
  private final OnceLog log;
  private final BeaconCodec codec;
  private final boolean loopbackOnly;
  private final Gatekeeper gatekeeper;
  private final Airwaves airwaves;
  private final Cadence cadence;
  private final Neighbours neighbours = new Neighbours();
  private final Queue<Chore> due = new ConcurrentLinkedQueue<>();
  private final Map<Chore, Timer.Scheduled> timers = new HashMap<>();
  // One byte more than fits, so that what is too long is seen to be.
  private final ByteBuffer buffer = ByteBuffer.allocate(BeaconCodec.MAX_BYTES + 1);
  private Optional<Set<Endpoint>> reported = Optional.empty();
  private long sequence;
  private volatile boolean stopping;

  BeaconLoop(
      UdpConfig config,
      Host host,
      Announcement self,
      Consumer<Set<Endpoint>> report,
      Selector selector) {
    this.host = host;
    this.self = self;
    this.report = report;
    this.selector = selector;
    logger = host.logger("dev.brigade.discovery.udp");
    log = new OnceLog(logger);
    loopbackOnly = host.secret().isEmpty();
    codec = new BeaconCodec(new Seal(host.secret()));
    gatekeeper = new Gatekeeper(self, log, logger);
    airwaves = new Airwaves(config, loopbackOnly, selector, log);
    cadence = new Cadence(config.effectiveInterval());
  }

  /** Asks the loop to say goodbye and end. */
  void stop() {
    stopping = true;
    selector.wakeup();
  }

  @Override
  public void run() {
    try {
      due.add(Chore.SCAN);
      due.add(Chore.BEACON);
      due.add(Chore.SWEEP);
      while (!stopping) {
        turn();
      }
      airwaves.send(() -> datagram(Beacon.Kind.GOODBYE));
    } catch (IOException e) {
      logger.log(ERROR, "udp discovery ends: its selector failed", e);
    } finally {
      timers.values().forEach(Timer.Scheduled::cancel);
      airwaves.close();
      closeSelector();
    }
  }

  private void turn() throws IOException {
    try {
      for (Chore chore = due.poll(); chore != null; chore = due.poll()) {
        run(chore);
      }
      reportChange();
    } catch (RuntimeException e) {
      log.log(WARNING, "turn " + e, "udp discovery went on after an error: " + e);
    }
    selector.select(this::hear);
  }

  private void run(Chore chore) {
    switch (chore) {
      case SCAN -> {
        schedule(Chore.SCAN, SCAN_PERIOD);
        airwaves.refresh();
      }
      case BEACON -> {
        schedule(Chore.BEACON, cadence.next());
        airwaves.send(() -> datagram(Beacon.Kind.HERE));
      }
      case SWEEP -> schedule(Chore.SWEEP, SWEEP_PERIOD); // the report that follows sweeps
    }
  }

  private void schedule(Chore chore, Duration delay) {
    Timer.Scheduled next =
        host.timer()
            .schedule(
                delay,
                () -> {
                  due.add(chore);
                  selector.wakeup();
                });
    Optional.ofNullable(timers.put(chore, next)).ifPresent(Timer.Scheduled::cancel);
  }

  private byte[] datagram(Beacon.Kind kind) {
    Instant now = host.clock().instant();
    return codec.encode(new Beacon(kind, self, now, ++sequence, cadence.interval()));
  }

  private void hear(SelectionKey key) {
    BeaconSocket socket = (BeaconSocket) key.attachment();
    try {
      for (int i = 0; i < DATAGRAMS_PER_TURN; i++) {
        Optional<InetAddress> from = socket.receive(buffer);
        if (from.isEmpty()) {
          return;
        }
        hear(from.get());
      }
    } catch (IOException e) {
      airwaves.giveUp(e);
    } catch (RuntimeException e) {
      log.log(WARNING, "hear " + e, "udp discovery skipped a datagram: " + e);
    }
  }

  private void hear(InetAddress from) {
    if (loopbackOnly && !from.isLoopbackAddress()) {
      return;
    }
    Instant now = host.clock().instant();
    Optional<Beacon> beacon = gatekeeper.admit(codec.decode(buffer), from, now);
    if (beacon.isPresent() && neighbours.hear(beacon.get(), from, now)) {
      schedule(Chore.BEACON, cadence.greeting());
    }
  }

  private void reportChange() {
    Set<Endpoint> candidates = neighbours.candidates(host.clock().instant());
    if (stopping || reported.filter(candidates::equals).isPresent()) {
      return;
    }
    reported = Optional.of(candidates);
    report.accept(candidates);
  }

  private void closeSelector() {
    try {
      selector.close();
    } catch (IOException e) {
      logger.log(WARNING, "udp discovery could not close its selector", e);
    }
  }
}
