package dev.brigade.discovery.tailscale;

import dev.brigade.spi.transport.Endpoint;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Finds out where Brigade's port is open, many machines at once on threads of its own. */
final class Knocker implements AutoCloseable {
  private static final int THREADS = 16;
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private final Optional<Proxy> proxy;
  private final ThreadPoolExecutor threads =
      new ThreadPoolExecutor(
          THREADS, THREADS, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), Knocker::daemon);

  Knocker(Optional<Proxy> proxy) {
    this.proxy = proxy;
    threads.allowCoreThreadTimeOut(true);
  }

  /** A port of one machine and the addresses of that machine, of which one is enough. */
  record Door(List<InetAddress> addresses, int port) {
    Door {
      addresses = List.copyOf(addresses);
    }
  }

  /** The first open address of each door that has one. */
  Set<Endpoint> open(Set<Door> doors) throws InterruptedException {
    List<Callable<Optional<Endpoint>>> knocks = new ArrayList<>();
    doors.forEach(door -> knocks.add(() -> knock(door)));
    Set<Endpoint> open = new HashSet<>();
    for (Future<Optional<Endpoint>> knock : threads.invokeAll(knocks)) {
      try {
        knock.get().ifPresent(open::add);
      } catch (ExecutionException e) {
        throw new IllegalStateException("a port could not be tried", e.getCause());
      }
    }
    return Set.copyOf(open);
  }

  private Optional<Endpoint> knock(Door door) {
    for (InetAddress address : door.addresses()) {
      // A refusal, an unreachable network and silence all mean that nobody is there.
      try {
        connect(address, door.port());
        return Optional.of(new Endpoint(address.getHostAddress(), door.port()));
      } catch (IOException e) {
        continue;
      }
    }
    return Optional.empty();
  }

  private void connect(InetAddress address, int port) throws IOException {
    InetSocketAddress target = new InetSocketAddress(address, port);
    if (proxy.isEmpty()) {
      try (Socket socket = new Socket()) {
        socket.connect(target, (int) PATIENCE.toMillis());
      }
      return;
    }
    InetSocketAddress named = (InetSocketAddress) proxy.get().address();
    InetSocketAddress at = new InetSocketAddress(named.getHostString(), named.getPort());
    if (proxy.get().type() == Proxy.Type.HTTP) {
      try (Socket socket = new Socket()) {
        Endpoint authority = new Endpoint(address.getHostAddress(), port);
        HttpTunnel.connect(socket, at, authority.toString(), PATIENCE);
      }
    } else {
      try (Socket socket = new Socket(new Proxy(Proxy.Type.SOCKS, at))) {
        socket.connect(target, (int) PATIENCE.toMillis());
      }
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }

  private static Thread daemon(Runnable work) {
    Thread thread = new Thread(work, "tailscale-knocker");
    thread.setDaemon(true);
    return thread;
  }
}
