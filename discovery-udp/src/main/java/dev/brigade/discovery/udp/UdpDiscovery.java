package dev.brigade.discovery.udp;

import static java.lang.System.Logger.Level.WARNING;

import dev.brigade.spi.Host;
import dev.brigade.spi.discovery.Announcement;
import dev.brigade.spi.discovery.Discovery;
import dev.brigade.spi.transport.Endpoint;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Finds nodes by beacons. With a secret on all interfaces, beacons being sealed with it; without
 * one on loopback alone.
 */
final class UdpDiscovery implements Discovery {
  private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(5);

  private final UdpConfig config;
  private final Host host;
  private Optional<Running> running = Optional.empty();
  private boolean closed;

  private record Running(BeaconLoop loop, Thread thread) {}

  UdpDiscovery(UdpConfig config, Host host) {
    this.config = config;
    this.host = host;
  }

  @Override
  public synchronized void start(Announcement self, Consumer<Set<Endpoint>> candidates) {
    if (running.isPresent() || closed) {
      throw new IllegalStateException("a discovery is started once");
    }
    BeaconCodec.check(self);
    BeaconLoop loop = new BeaconLoop(config, host, self, candidates, openSelector());
    Thread thread = new Thread(loop, "udp-discovery-" + self.name());
    thread.setDaemon(true);
    thread.start();
    running = Optional.of(new Running(loop, thread));
  }

  @Override
  public void close() {
    Optional<Running> toStop;
    synchronized (this) {
      closed = true;
      toStop = running;
    }
    toStop.ifPresent(this::stop);
  }

  private void stop(Running last) {
    last.loop().stop();
    if (Thread.currentThread() == last.thread()) {
      return; // closed from within a report: the loop ends after it
    }
    try {
      last.thread().join(CLOSE_PATIENCE.toMillis());
      if (last.thread().isAlive()) {
        host.logger("dev.brigade.discovery.udp")
            .log(WARNING, "udp discovery is still busy with a report " + CLOSE_PATIENCE + " later");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static Selector openSelector() {
    try {
      return Selector.open();
    } catch (IOException e) {
      throw new UncheckedIOException("udp discovery cannot wait for datagrams", e);
    }
  }
}
