package dev.brigade.transport.vertx;

import dev.brigade.transport.vertx.tls.ClusterTls;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;

/**
 * Shakes hands with everyone who connects, several at once, so that whoever says nothing holds up
 * nobody; only members come through.
 */
final class Doorkeeper implements AutoCloseable {
  /** Further ones are hung up on until one of these is done or dropped. */
  private static final int MOST_HANDSHAKES = 64;

  /** Waits for a connection. */
  @FunctionalInterface
  interface Door {
    Socket accept() throws IOException;
  }

  private static final Duration AFTER_FAILURE = Duration.ofMillis(50);

  private final Door door;
  private final ClusterTls tls;
  private final ExecutorService threads = Executors.newCachedThreadPool(Doorkeeper::daemon);
  private final Semaphore handshakes = new Semaphore(MOST_HANDSHAKES);
  private final BlockingQueue<Optional<Socket>> welcome = new LinkedBlockingQueue<>();
  private boolean open;
  private volatile boolean closed;

  Doorkeeper(Door door, ClusterTls tls) {
    this.door = door;
    this.tls = tls;
  }

  /**
   * The next member that connects.
   *
   * @throws SocketException when there will be no more
   */
  Socket next() throws SocketException {
    openOnce();
    try {
      Optional<Socket> member = welcome.take();
      if (member.isPresent()) {
        return member.get();
      }
      welcome.add(member);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    throw new SocketException("the listening socket is closed");
  }

  private synchronized void openOnce() {
    if (!open && !closed) {
      open = true;
      threads.execute(this::watch);
    }
  }

  private void watch() {
    while (!closed) {
      try {
        greet(door.accept());
      } catch (IOException e) {
        // The door is closed, which ends this; or the one connection failed already; or the system
        // has no socket left, which asking again at once would not mend.
        LockSupport.parkNanos(AFTER_FAILURE.toNanos());
      }
    }
  }

  private void greet(Socket stranger) throws IOException {
    if (closed || !handshakes.tryAcquire()) {
      stranger.close();
      return;
    }
    threads.execute(
        () -> {
          try {
            welcome.add(Optional.of(tls.welcome(stranger)));
          } catch (IOException e) {
            // No member; the log tells of it.
          } finally {
            handshakes.release();
          }
        });
  }

  /** Ends {@link #next}; the door itself has to be closed before. */
  @Override
  public synchronized void close() {
    closed = true;
    threads.shutdown();
    welcome.add(Optional.empty());
  }

  private static Thread daemon(Runnable task) {
    Thread thread = new Thread(task, "brigade-handshake");
    thread.setDaemon(true);
    return thread;
  }
}
