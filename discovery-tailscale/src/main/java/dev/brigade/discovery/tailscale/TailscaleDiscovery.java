package dev.brigade.discovery.tailscale;

import static java.lang.System.Logger.Level.WARNING;

import dev.brigade.spi.Host;
import dev.brigade.spi.Timer;
import dev.brigade.spi.discovery.Announcement;
import dev.brigade.spi.discovery.Discovery;
import dev.brigade.spi.transport.Endpoint;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/** Reports the tailnet's machines with Brigade's port open, from a thread that may wait. */
final class TailscaleDiscovery implements Discovery {
  private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(5);
  // The control plane limits how often it may be asked.
  private static final Duration API_PERIOD = Duration.ofSeconds(30);

  private final TailscaleConfig config;
  private final Host host;
  private final System.Logger logger;
  private final List<WatchedSource> sources = new ArrayList<>();
  private final Knocker knocker;
  // A report holds it, so that close can wait for the end of a report without waiting for networks.
  private final ReentrantLock reporting = new ReentrantLock();
  private final ExecutorService thread;
  private Optional<Timer.Scheduled> next = Optional.empty();
  private Optional<Set<Endpoint>> reported = Optional.empty();
  private boolean started;
  private volatile boolean closed;

  TailscaleDiscovery(TailscaleConfig config, Host host, Installation installation) {
    this.config = config;
    this.host = host;
    logger = host.logger("dev.brigade.discovery.tailscale");
    boolean local = config.apiKey().isEmpty() || config.socket().isPresent();
    if (local || config.command().isPresent() || installation.isThere()) {
      sources.add(watched(() -> installation.ask(config), Duration.ZERO));
    }
    config
        .apiKey()
        .map(key -> new ControlPlane(config.devices(), key, host.clock()))
        .ifPresent(api -> sources.add(watched(api, API_PERIOD)));
    knocker = new Knocker(config.proxy().map(Proxies::parse));
    thread = Executors.newSingleThreadExecutor(TailscaleDiscovery::daemon);
  }

  @Override
  public synchronized void start(Announcement self, Consumer<Set<Endpoint>> candidates) {
    if (started || closed) {
      throw new IllegalStateException("a discovery is started once");
    }
    started = true;
    Endpoint own = self.endpoint();
    List<Integer> ports =
        config.port().map(text -> PortRange.parse(text).ports()).orElse(List.of(own.port()));
    Candidates choice = new Candidates(own, ports, config.wantedTags());
    thread.execute(() -> look(choice, candidates));
  }

  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      next.ifPresent(Timer.Scheduled::cancel);
      knocker.close();
    }
    // First the report, whose receiver is not to be interrupted.
    try {
      if (reporting.tryLock(CLOSE_PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
        reporting.unlock();
      } else {
        logger.log(
            WARNING,
            "tailscale discovery is still busy with a report " + CLOSE_PATIENCE + " later");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    thread.shutdownNow();
  }

  private void look(Candidates choice, Consumer<Set<Endpoint>> candidates) {
    try {
      List<Tailnet> known = new ArrayList<>();
      for (WatchedSource source : sources) {
        known.add(source.latest());
      }
      reportChange(knocker.open(choice.doors(known)), candidates);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      if (!closed) {
        logger.log(WARNING, "tailscale discovery went on after an error", e);
      }
    } finally {
      scheduleLook(choice, candidates);
    }
  }

  private synchronized void scheduleLook(Candidates choice, Consumer<Set<Endpoint>> candidates) {
    if (!closed) {
      next =
          Optional.of(
              host.timer()
                  .schedule(config.effectiveInterval(), () -> lookLater(choice, candidates)));
    }
  }

  private synchronized void lookLater(Candidates choice, Consumer<Set<Endpoint>> candidates) {
    if (!closed) {
      thread.execute(() -> look(choice, candidates));
    }
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

  private WatchedSource watched(TailnetSource source, Duration period) {
    return new WatchedSource(source, period, host.clock(), logger);
  }

  private static Thread daemon(Runnable work) {
    Thread thread = new Thread(work, "tailscale-discovery");
    thread.setDaemon(true);
    return thread;
  }
}
