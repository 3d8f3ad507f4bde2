package dev.brigade.launcher.bench;

import dev.brigade.spi.transport.Endpoint;
import dev.brigade.spi.transport.Lane;
import dev.brigade.spi.transport.Message;
import dev.brigade.spi.transport.Transport;
import dev.brigade.spi.transport.TransportException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;

/** Measures messages between two nodes in this process, over real sockets. */
public final class HopBench {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Duration DEADLINE = Duration.ofSeconds(30);
  private static final int DECODE_MOST = 64 << 10;

  private final String transport;
  private final boolean secured;

  /**
   * @param transport its name
   * @param secured whether the nodes share a secret
   */
  public HopBench(String transport, boolean secured) {
    this.transport = transport;
    this.secured = secured;
  }

  /**
   * Measures.
   *
   * @param transports makes one, twice; they are closed here
   * @param sizes bytes of the messages
   * @param repeats round trips of each size, after as many to warm up
   */
  public List<HopResult> run(Callable<Transport> transports, List<Integer> sizes, int repeats)
      throws Exception {
    try (HopNode first = node("bench-a", transports.call(), Set.of());
        HopNode second = node("bench-b", transports.call(), Set.of(first.address()))) {
      first.awaitOther(PATIENCE);
      second.awaitOther(PATIENCE);
      List<HopResult> results = new ArrayList<>();
      for (int bytes : sizes) {
        trips(first, second, bytes, repeats);
        long[] nanos = trips(first, second, bytes, repeats);
        results.add(HopResult.of(transport, secured, bytes, nanos));
      }
      return results;
    }
  }

  private static HopNode node(String name, Transport transport, Set<Endpoint> others)
      throws TransportException {
    try {
      return HopNode.start(name, transport, others);
    } catch (TransportException | RuntimeException e) {
      transport.close();
      throw e;
    }
  }

  private static long[] trips(HopNode from, HopNode to, int bytes, int count)
      throws InterruptedException, ExecutionException, TimeoutException {
    Message message =
        new Message(
            bytes <= DECODE_MOST ? Lane.DECODE : Lane.BULK,
            "bench",
            ByteBuffer.allocate(0),
            List.of(ByteBuffer.allocate(bytes)));
    long[] nanos = new long[count];
    for (int i = 0; i < count; i++) {
      long begin = System.nanoTime();
      Message answer = from.roundTrip(to, message, DEADLINE);
      nanos[i] = System.nanoTime() - begin;
      if (answer.bodyBytes() != bytes) {
        throw new IllegalStateException(
            "%d bytes went out and %d came back".formatted(bytes, answer.bodyBytes()));
      }
    }
    return nanos;
  }
}
