package dev.brigade.testkit;

import dev.brigade.spi.ClusterSecret;
import dev.brigade.spi.Host;
import dev.brigade.spi.Timer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A host for plugins under test: real time unless told otherwise, a folder that vanishes on close,
 * a log that can be read back, and no secret unless one is given.
 *
 * <pre>{@code
 * try (TestHost host = TestHost.builder().secret("s").build()) { provider.create(config, host); }
 * }</pre>
 */
public final class TestHost implements Host, AutoCloseable {
  private final String cluster;
  private final Optional<ClusterSecret> secret;
  private final Clock clock;
  private final Timer timer;
  private final Optional<RealTimer> owned;
  private final LogBook log = new LogBook();
  private volatile Optional<Instant> frozenAt = Optional.empty();
  private Optional<Path> cache = Optional.empty();

  private TestHost(Builder builder) {
    cluster = builder.cluster;
    secret = builder.secret;
    owned = builder.time.isPresent() ? Optional.empty() : Optional.of(new RealTimer());
    clock = builder.time.map(VirtualTime::clock).orElse(builder.clock);
    timer = builder.time.<Timer>map(time -> time).orElseGet(owned::orElseThrow);
  }

  /** A host in real time, of the cluster {@code test}, without a secret. */
  public static TestHost create() {
    return builder().build();
  }

  /** Starts from what {@link #create} gives. */
  public static Builder builder() {
    return new Builder();
  }

  @Override
  public String cluster() {
    return cluster;
  }

  @Override
  public Clock clock() {
    return new FreezableClock(clock, () -> frozenAt);
  }

  @Override
  public Timer timer() {
    return (delay, task) ->
        timer.schedule(
            delay,
            () -> {
              if (frozenAt.isEmpty()) {
                task.run();
              }
            });
  }

  @Override
  public System.Logger logger(String name) {
    return log.logger(name);
  }

  @Override
  public synchronized Path cache() {
    if (cache.isEmpty()) {
      try {
        cache = Optional.of(Files.createTempDirectory("brigade-test"));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return cache.get();
  }

  @Override
  public Optional<ClusterSecret> secret() {
    return secret;
  }

  /** What was logged. */
  public LogBook log() {
    return log;
  }

  /** Stops this host's time for good, as if its process hung: no task of its timer runs again. */
  public void freeze() {
    frozenAt = Optional.of(clock.instant());
  }

  /** Stops the timer, if it is this host's own, and deletes the folder. */
  @Override
  public synchronized void close() {
    owned.ifPresent(RealTimer::close);
    cache.ifPresent(TestHost::delete);
    cache = Optional.empty();
  }

  private static void delete(Path folder) {
    try (Stream<Path> paths = Files.walk(folder)) {
      List<Path> deepestFirst = paths.sorted(Comparator.reverseOrder()).toList();
      for (Path path : deepestFirst) {
        Files.delete(path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Says what is unlike the usual. */
  public static final class Builder {
    private String cluster = "test";
    private Optional<ClusterSecret> secret = Optional.empty();
    private Optional<VirtualTime> time = Optional.empty();
    private Clock clock = Clock.systemUTC();

    private Builder() {}

    /** Names the cluster. */
    public Builder cluster(String name) {
      cluster = name;
      return this;
    }

    /** Gives the node a secret. */
    public Builder secret(String text) {
      secret = Optional.of(ClusterSecret.of(text));
      return this;
    }

    /** Takes clock and timer from {@code virtual}, which the test moves. */
    public Builder time(VirtualTime virtual) {
      time = Optional.of(virtual);
      return this;
    }

    /** Takes the clock that people see from {@code own}, while timers go by real time. */
    public Builder clock(Clock own) {
      clock = own;
      return this;
    }

    /** Makes the host. */
    public TestHost build() {
      return new TestHost(this);
    }
  }
}
