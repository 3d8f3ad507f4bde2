package dev.brigade.gateway;

import dev.brigade.cluster.ClusterState;
import dev.brigade.cluster.InferenceService;
import dev.brigade.cluster.RequestException;
import dev.brigade.cluster.ServedModel;
import dev.brigade.cluster.generation.FinishReason;
import dev.brigade.cluster.generation.Generation;
import dev.brigade.cluster.generation.GenerationEvent;
import dev.brigade.cluster.generation.GenerationEvent.Failed;
import dev.brigade.cluster.generation.GenerationEvent.Finished;
import dev.brigade.cluster.generation.GenerationEvent.Planned;
import dev.brigade.cluster.generation.GenerationEvent.Prefilled;
import dev.brigade.cluster.generation.GenerationEvent.Token;
import dev.brigade.cluster.generation.GenerationRequest;
import dev.brigade.cluster.generation.Usage;
import dev.brigade.cluster.observe.NodeLoad;
import dev.brigade.cluster.observe.NodeObserver;
import dev.brigade.cluster.observe.Observers;
import dev.brigade.cluster.plan.StandbyPlan;
import dev.brigade.spi.engine.DType;
import dev.brigade.spi.engine.EngineProfile;
import dev.brigade.spi.engine.ModelRef;
import dev.brigade.spi.engine.Precision;
import dev.brigade.spi.partition.Plan;
import dev.brigade.spi.partition.Stage;
import dev.brigade.spi.transport.Endpoint;
import dev.brigade.spi.transport.Machine;
import dev.brigade.spi.transport.NodeId;
import dev.brigade.spi.transport.NodeInfo;
import dev.brigade.spi.transport.NodeState;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** A node whose answers are written down beforehand; it speaks from a thread of its own. */
class ScriptedNode implements InferenceService, AutoCloseable {
  static final String MODEL = "org/echo";
  static final NodeId SELF = new NodeId("node-a");
  static final Plan PLAN =
      Plan.of(
          new ModelRef(MODEL, "0123456789abcdef"),
          List.of(
              new Stage(SELF, "reference", 0, 3, Precision.F32, DType.F32),
              new Stage(new NodeId("node-b"), "djl", 3, 4, Precision.F32, DType.F32)));

  /** What happens to a request; runs on the node's own thread. */
  interface Script {
    void play(Request request) throws InterruptedException;
  }

  private final ExecutorService loop = Executors.newCachedThreadPool();
  private final Script script;
  private final BlockingQueue<Request> requests = new LinkedBlockingQueue<>();
  volatile NodeState state = NodeState.UP;

  ScriptedNode(Script script) {
    this.script = script;
  }

  /** Answers with these pieces of text, then an end-of-sequence token. */
  static ScriptedNode saying(String... pieces) {
    return new ScriptedNode(
        request -> {
          request.prefill();
          for (String piece : pieces) {
            request.token(piece);
          }
          request.finish("", FinishReason.STOP);
        });
  }

  /** Refuses every request. */
  static ScriptedNode failing(RequestException.Kind kind, String message) {
    return new ScriptedNode(request -> request.fail(kind, message));
  }

  final Observers observers = new Observers();

  @Override
  public CompletionStage<NodeLoad> load() {
    return CompletableFuture.completedFuture(new NodeLoad(1000, 600, 3, 2, 1));
  }

  @Override
  public Runnable observe(NodeObserver observer) {
    return observers.add(observer);
  }

  /** The next request that arrives here. */
  Request next() throws InterruptedException {
    Request request = requests.poll(20, TimeUnit.SECONDS);
    if (request == null) {
      throw new AssertionError("no request reached the node");
    }
    return request;
  }

  @Override
  public ClusterState state() {
    return new ClusterState(
        SELF,
        List.of(info(SELF.value(), "reference", state), info("node-b", "djl", NodeState.UP)),
        List.of(PLAN),
        List.of(new StandbyPlan(PLAN, "fedcba9876543210", new NodeId("node-c"))));
  }

  private static NodeInfo info(String id, String engine, NodeState state) {
    EngineProfile profile =
        new EngineProfile(
            engine,
            "cpu",
            List.of(new EngineProfile.Cost(Precision.F32, 4, 4, DType.F32, Map.of())),
            Set.of(DType.F32),
            8,
            0);
    Endpoint address = new Endpoint("127.0.0.1", 52416);
    return new NodeInfo(
        new NodeId(id),
        "name-" + id,
        new Machine("machine", 2L << 30),
        address,
        Optional.empty(),
        profile,
        1L << 30,
        List.of(MODEL),
        state);
  }

  @Override
  public List<String> models() {
    return List.of(MODEL, "plain");
  }

  @Override
  public CompletionStage<ServedModel> model(String id) {
    return CompletableFuture.failedFuture(new AssertionError("the prompts are made elsewhere"));
  }

  @Override
  public Generation generate(GenerationRequest asked, Consumer<GenerationEvent> listener) {
    Request request = new Request(asked, listener);
    arrived(request);
    return request;
  }

  void arrived(Request request) {
    requests.add(request);
    loop.execute(
        () -> {
          try {
            script.play(request);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          } finally {
            request.played.countDown();
          }
        });
  }

  /** Forgets the requests that have arrived. */
  void drain() {
    requests.clear();
  }

  @Override
  public void close() {
    loop.shutdownNow();
  }

  /** One request, and what the script makes of it. */
  static final class Request implements Generation {
    final GenerationRequest asked;
    private final Consumer<GenerationEvent> listener;
    private final CountDownLatch cancelled = new CountDownLatch(1);
    private final CountDownLatch played = new CountDownLatch(1);
    private int tokens;

    private Request(GenerationRequest asked, Consumer<GenerationEvent> listener) {
      this.asked = asked;
      this.listener = listener;
    }

    void prefill() {
      listener.accept(new Planned(PLAN, List.of()));
      listener.accept(new Prefilled(List.of()));
    }

    void token(String text) {
      tokens++;
      listener.accept(new Token(tokens, text));
    }

    void finish(String heldBack, FinishReason reason) {
      Usage usage =
          new Usage(asked.promptIds().size(), tokens, Duration.ZERO, Duration.ZERO, 0, List.of());
      listener.accept(new Finished(heldBack, reason, List.of(), usage));
    }

    void fail(RequestException.Kind kind, String message) {
      listener.accept(new Failed(new RequestException(kind, message)));
    }

    void prefillAndSpeak() {
      prefill();
      token("so far");
    }

    /** A moment's rest, cut short by cancellation. */
    void breathe() throws InterruptedException {
      cancelled.await(1, TimeUnit.MILLISECONDS);
    }

    /** Waits until the script has been played. */
    void awaitIdle() throws InterruptedException {
      if (!played.await(20, TimeUnit.SECONDS)) {
        throw new AssertionError("the script did not end");
      }
    }

    boolean isCancelled() {
      return cancelled.getCount() == 0;
    }

    void awaitCancelled() throws InterruptedException {
      if (!cancelled.await(20, TimeUnit.SECONDS)) {
        throw new AssertionError("the request was not cancelled");
      }
    }

    @Override
    public String id() {
      return "scripted";
    }

    @Override
    public void cancel() {
      cancelled.countDown();
    }
  }
}
