package dev.brigade.discovery.fixed;

import static java.lang.System.Logger.Level.WARNING;

import dev.brigade.spi.Host;
import dev.brigade.spi.Timer;
import dev.brigade.spi.discovery.Announcement;
import dev.brigade.spi.discovery.Discovery;
import dev.brigade.spi.transport.Endpoint;
import java.net.InetAddress;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/** Reports the addresses of a list of peers, from a thread that may wait for name servers. */
final class StaticDiscovery implements Discovery {
  private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(5);

  private final StaticConfig config;
  private final Host host;
  private final Resolver resolver;
  private final System.Logger logger;
  private final List<Peer> peers;
  // A report holds it, so that close can wait for the end of a report without waiting for names.
  private final ReentrantLock reporting = new ReentrantLock();
  private final ExecutorService thread;
  private Optional<Timer.Scheduled> next = Optional.empty();
  private Optional<Set<Endpoint>> reported = Optional.empty();
  private boolean started;
  private volatile boolean closed;

  StaticDiscovery(StaticConfig config, Host host, Resolver resolver) {
    this.config = config;
    this.host = host;
    this.resolver = resolver;
    logger = host.logger("dev.brigade.discovery.static");
    peers = config.endpoints().stream().map(peer -> new Peer(peer, logger)).toList();
    thread = Executors.newSingleThreadExecutor(StaticDiscovery::daemon);
  }

  @Override
  public synchronized void start(Announcement self, Consumer<Set<Endpoint>> candidates) {
    if (started || closed) {
      throw new IllegalStateException("a discovery is started once");
    }
    started = true;
    Self own = new Self(self.endpoint(), resolver);
    thread.execute(() -> refresh(own, candidates));
  }

  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      next.ifPresent(Timer.Scheduled::cancel);
      thread.shutdown();
    }
    try {
      if (reporting.tryLock(CLOSE_PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
        reporting.unlock();
      } else {
        logger.log(
            WARNING, "static discovery is still busy with a report " + CLOSE_PATIENCE + " later");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void refresh(Self own, Consumer<Set<Endpoint>> candidates) {
    try {
      peers.forEach(peer -> peer.resolve(resolver));
      reportChange(candidatesBeside(own), candidates);
    } catch (RuntimeException e) {
      logger.log(WARNING, "static discovery went on after an error", e);
    } finally {
      scheduleRefresh(own, candidates);
    }
  }

  private synchronized void scheduleRefresh(Self own, Consumer<Set<Endpoint>> candidates) {
    if (!closed) {
      next =
          Optional.of(
              host.timer()
                  .schedule(config.effectiveRefresh(), () -> refreshLater(own, candidates)));
    }
  }

  private synchronized void refreshLater(Self own, Consumer<Set<Endpoint>> candidates) {
    if (!closed) {
      thread.execute(() -> refresh(own, candidates));
    }
  }

  private Set<Endpoint> candidatesBeside(Self own) {
    Set<Endpoint> candidates = new HashSet<>();
    for (Peer peer : peers) {
      for (InetAddress address : peer.addresses()) {
        if (!own.listensAt(address, peer.port())) {
          candidates.add(new Endpoint(address.getHostAddress(), peer.port()));
        }
      }
    }
    return Set.copyOf(candidates);
  }

  private void reportChange(Set<Endpoint> found, Consumer<Set<Endpoint>> candidates) {
    reporting.lock();
    try {
      if (closed || reported.filter(found::equals).isPresent()) {
        return;
      }
      reported = Optional.of(found);
      candidates.accept(found);
    } finally {
      reporting.unlock();
    }
  }

  private static Thread daemon(Runnable work) {
    Thread thread = new Thread(work, "static-discovery");
    thread.setDaemon(true);
    return thread;
  }
}
