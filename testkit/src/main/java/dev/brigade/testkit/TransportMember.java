package dev.brigade.testkit;

import dev.brigade.spi.engine.DType;
import dev.brigade.spi.engine.EngineProfile;
import dev.brigade.spi.engine.Precision;
import dev.brigade.spi.transport.Endpoint;
import dev.brigade.spi.transport.Lane;
import dev.brigade.spi.transport.Machine;
import dev.brigade.spi.transport.MeasuredLink;
import dev.brigade.spi.transport.Message;
import dev.brigade.spi.transport.NodeId;
import dev.brigade.spi.transport.NodeInfo;
import dev.brigade.spi.transport.NodeState;
import dev.brigade.spi.transport.Transport;
import dev.brigade.spi.transport.TransportException;
import dev.brigade.spi.transport.View;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** A transport under test with a listener that remembers, and waits that end. */
public final class TransportMember implements Transport.Listener, AutoCloseable {
  /** Long enough for any machine; nothing waits so long when all is well. */
  static final Duration PATIENCE = Duration.ofSeconds(40);

  private final Transport transport;
  private final NodeInfo info;
  private final List<View> views = new ArrayList<>();
  private final AtomicInteger callsAtOnce = new AtomicInteger();
  private volatile boolean overlapped;
  private volatile BiFunction<NodeId, Message, CompletionStage<Message>> answering =
      (from, message) -> CompletableFuture.completedFuture(message);

  private TransportMember(Transport transport, NodeInfo info) {
    this.transport = transport;
    this.info = info;
  }

  /** Binds a transport; {@link #start} makes it a member. It answers each message with itself. */
  public static TransportMember bind(String name, Transport transport) throws TransportException {
    return new TransportMember(transport, info(name, transport.bind()));
  }

  /** A node as it might announce itself. */
  public static NodeInfo info(String name, Endpoint address) {
    EngineProfile.Cost cost =
        new EngineProfile.Cost(Precision.F32, 4, 4, DType.F32, Map.of("decode_bytes_per_s", 1e9));
    return new NodeInfo(
        new NodeId(UUID.randomUUID().toString()),
        name,
        new Machine("machine", 16L << 30),
        address,
        Optional.of("http://127.0.0.1:52415"),
        new EngineProfile("reference", "cpu", List.of(cost), Set.of(DType.F32), 4, 1 << 20),
        8L << 30,
        List.of("bundled/pocket", "other"),
        NodeState.UP,
        List.of(new MeasuredLink(new NodeId("other"), Duration.ofNanos(123_456), 1.25e8)));
  }

  /** A message with a text for head. */
  public static Message message(Lane lane, String head, ByteBuffer... body) {
    ByteBuffer bytes = ByteBuffer.wrap(head.getBytes(StandardCharsets.UTF_8));
    return new Message(lane, "test", bytes, List.of(body));
  }

  /** The head of a message as text. */
  public static String head(Message message) {
    return StandardCharsets.UTF_8.decode(message.head().duplicate()).toString();
  }

  /** Joins. */
  public TransportMember start(Supplier<Set<Endpoint>> candidates) {
    transport.start(info, candidates, this);
    return this;
  }

  /** Says how messages are answered from now on. */
  public void answer(BiFunction<NodeId, Message, CompletionStage<Message>> how) {
    answering = how;
  }

  /** The transport itself. */
  public Transport transport() {
    return transport;
  }

  /** What it announced at first. */
  public NodeInfo info() {
    return info;
  }

  /** Its id. */
  public NodeId id() {
    return info.id();
  }

  /** Where it listens. */
  public Endpoint endpoint() {
    return info.address();
  }

  /** Sends and waits for the answer. */
  public Message ask(TransportMember to, Message message) throws TransportException {
    return await(transport.send(to.id(), message, PATIENCE));
  }

  /** Waits for an answer. */
  public static <T> T await(CompletionStage<T> stage) throws TransportException {
    try {
      return stage.toCompletableFuture().get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof TransportException failure) {
        throw failure;
      }
      throw new AssertionError("not a TransportException: " + e.getCause(), e);
    } catch (InterruptedException | TimeoutException e) {
      throw new AssertionError("no end after " + PATIENCE, e);
    }
  }

  /** Waits until a view like this has come. */
  public synchronized View awaitView(String what, Predicate<View> like) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      Optional<View> latest = views.isEmpty() ? Optional.empty() : Optional.of(latest());
      if (latest.filter(like).isPresent()) {
        return latest.get();
      }
      long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
      if (left <= 0) {
        throw new AssertionError(
            info.name() + " waited for " + what + "; its views are " + names());
      }
      try {
        wait(left);
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }

  /** Waits until exactly these are members. */
  public View awaitMembers(TransportMember... members) {
    Set<NodeId> ids =
        java.util.Arrays.stream(members)
            .map(TransportMember::id)
            .collect(java.util.stream.Collectors.toSet());
    return awaitView(
        members.length + " members",
        view -> ids.equals(ids(view)) && view.members().size() == ids.size());
  }

  private static Set<NodeId> ids(View view) {
    return view.members().stream().map(NodeInfo::id).collect(java.util.stream.Collectors.toSet());
  }

  private List<List<String>> names() {
    return views.stream()
        .map(view -> view.members().stream().map(NodeInfo::name).toList())
        .toList();
  }

  private View latest() {
    return views.get(views.size() - 1);
  }

  /** Every view so far. */
  public synchronized List<View> views() {
    return List.copyOf(views);
  }

  /** Whether two calls of {@link #view} ever ran at once. */
  public boolean overlapped() {
    return overlapped;
  }

  @Override
  public void view(View view) {
    overlapped |= callsAtOnce.incrementAndGet() > 1;
    synchronized (this) {
      views.add(view);
      notifyAll();
    }
    callsAtOnce.decrementAndGet();
  }

  @Override
  public CompletionStage<Message> received(NodeId from, Message message) {
    return answering.apply(from, message);
  }

  @Override
  public void close() {
    transport.close();
  }
}
