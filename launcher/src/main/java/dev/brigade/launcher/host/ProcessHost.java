package dev.brigade.launcher.host;

import dev.brigade.spi.ClusterSecret;
import dev.brigade.spi.Host;
import dev.brigade.spi.Timer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** The real machine as plugins see it: its clock, one timer thread, its log. */
public final class ProcessHost implements Host, AutoCloseable {
  private final String cluster;
  private final Optional<ClusterSecret> secret;
  private final Path cache;
  private final ScheduledThreadPoolExecutor executor;

  /**
   * @param cache made when it is first asked for
   */
  public ProcessHost(String cluster, Optional<ClusterSecret> secret, Path cache) {
    this.cluster = cluster;
    this.secret = secret;
    this.cache = cache;
    executor = new ScheduledThreadPoolExecutor(1, ProcessHost::daemon);
    executor.setRemoveOnCancelPolicy(true);
  }

  private static Thread daemon(Runnable task) {
    Thread thread = new Thread(task, "brigade-timer");
    thread.setDaemon(true);
    return thread;
  }

  @Override
  public Clock clock() {
    return Clock.systemUTC();
  }

  @Override
  public Timer timer() {
    return (delay, task) -> {
      Future<?> future = executor.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
      return () -> future.cancel(false);
    };
  }

  @Override
  public System.Logger logger(String name) {
    return System.getLogger(name);
  }

  @Override
  public Path cache() {
    try {
      return Files.createDirectories(cache);
    } catch (IOException e) {
      throw new UncheckedIOException("the cache folder " + cache + " cannot be made", e);
    }
  }

  @Override
  public String cluster() {
    return cluster;
  }

  @Override
  public Optional<ClusterSecret> secret() {
    return secret;
  }

  /** Stops the timer; tasks that have not begun do not run. */
  @Override
  public void close() {
    executor.shutdownNow();
  }
}
