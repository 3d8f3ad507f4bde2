package dev.brigade.cluster;

import dev.brigade.cluster.generation.EntryParts;
import dev.brigade.cluster.generation.Generation;
import dev.brigade.cluster.generation.GenerationEvent;
import dev.brigade.cluster.generation.GenerationRequest;
import dev.brigade.cluster.measure.LinkProbe;
import dev.brigade.cluster.measure.RateMeter;
import dev.brigade.cluster.observe.ClusterEvent;
import dev.brigade.cluster.observe.NodeLoad;
import dev.brigade.cluster.observe.NodeObserver;
import dev.brigade.cluster.observe.Observers;
import dev.brigade.cluster.observe.RequestLog;
import dev.brigade.cluster.plan.Placements;
import dev.brigade.cluster.runtime.Messenger;
import dev.brigade.cluster.runtime.NodeRuntime;
import dev.brigade.cluster.stage.StageHost;
import dev.brigade.spi.discovery.Announcement;
import dev.brigade.spi.engine.EngineProfile;
import dev.brigade.spi.transport.Machine;
import dev.brigade.spi.transport.Message;
import dev.brigade.spi.transport.NodeId;
import dev.brigade.spi.transport.NodeInfo;
import dev.brigade.spi.transport.NodeState;
import dev.brigade.spi.transport.Transport;
import dev.brigade.spi.transport.TransportException;
import dev.brigade.spi.transport.View;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * A member of a cluster: holds stages for others' requests, and is the entry of its own clients'.
 * All state lives on one loop; public methods may be called from any thread.
 */
public final class Node implements InferenceService {
  /** Version of what nodes tell each other; others are not joined. */
  public static final int PROTOCOL = 2;

  private static final System.Logger LOG = System.getLogger(Node.class.getName());

  private final NodeSettings settings;
  private final NodeParts parts;
  private final NodeRuntime runtime;
  private final NodeId id;
  private final SelfAnnouncement self;
  private final Candidates candidates;
  private final StageHost stages;
  private final Placements placements;
  private final ClientRequests requests;
  private final LinkProbe links;
  private final RateMeter rates;
  private final Dispatch dispatch;
  private final StateBoard board;
  private final Observers observers = new Observers();

  /** Completes with the first view, before which no plan can be made, or with the end. */
  private final CompletableFuture<Void> joined = new CompletableFuture<>();

  private View view;
  private boolean draining;
  private boolean closing;
  private final CompletableFuture<Void> closed = new CompletableFuture<>();

  private Node(NodeSettings settings, NodeParts parts, NodeInfo self) {
    this.settings = settings;
    this.parts = parts;
    id = self.id();
    this.self = new SelfAnnouncement(self, parts.transport());
    runtime = parts.runtime();
    view = new View(0, List.of(self));
    candidates = new Candidates(parts.discoveries());
    Messenger messenger = new Messenger(id, parts.transport(), runtime, this::dispatchLocal);
    RequestLog log = new RequestLog(settings.name());
    stages =
        new StageHost(
            id,
            runtime,
            messenger,
            parts.engine(),
            parts.library(),
            settings.memoryBytes(),
            settings.deadlines().step(),
            parts.loads()::loading,
            observers,
            log);
    placements =
        new Placements(
            id,
            settings.standby(),
            runtime,
            messenger,
            parts.strategy(),
            settings.deadlines(),
            this::publish,
            observers);
    requests =
        new ClientRequests(
            settings,
            new EntryParts(
                id, runtime, messenger, placements, settings.deadlines(), observers, log));
    links = new LinkProbe(id, runtime, messenger, this::linksChanged);
    rates = new RateMeter(self.profile(), stages::shape, this::ratesChanged);
    observers.add(rates);
    dispatch = new Dispatch(stages, requests::find, placements::holds);
    board = new StateBoard(new ClusterState(id, List.of(self), List.of()));
  }

  /**
   * Binds the transport, announces the node and begins to look for others.
   *
   * @throws TransportException if the transport cannot listen where it is told to; the parts are
   *     closed then
   */
  public static Node start(NodeSettings settings, NodeParts parts) throws TransportException {
    NodeInfo self;
    try {
      self =
          new NodeInfo(
              new NodeId("n%016x".formatted(parts.runtime().random().nextLong())),
              settings.name(),
              settings.machine(),
              parts.transport().bind(),
              settings.api(),
              parts.engine().profile(),
              settings.memoryBytes(),
              parts.library().ids(),
              NodeState.UP);
    } catch (TransportException | RuntimeException e) {
      parts.transport().close();
      parts.engine().close();
      throw e;
    }
    Node node = new Node(settings, parts, self);
    node.candidates.start(
        new Announcement(parts.cluster(), PROTOCOL, self.id(), settings.name(), self.address()));
    parts.transport().start(self, node.candidates::now, node.listener());
    return node;
  }

  private Transport.Listener listener() {
    return new Transport.Listener() {
      @Override
      public void view(View newView) {
        runtime.loop().execute(() -> viewChanged(newView));
      }

      @Override
      public CompletionStage<Message> received(NodeId from, Message message) {
        CompletableFuture<Message> answer = new CompletableFuture<>();
        runtime.loop().execute(() -> dispatch.received(from, message).thenAccept(answer::complete));
        return answer;
      }
    };
  }

  private CompletionStage<Message> dispatchLocal(NodeId from, Message message) {
    return dispatch.received(from, message);
  }

  private void viewChanged(View newView) {
    if (newView.number() <= view.number()) {
      return;
    }
    boolean first = view.number() == 0;
    View old = view;
    view = newView;
    tellChanges(old, newView);
    stages.membersChanged(newView);
    placements.viewChanged(newView);
    links.viewChanged(newView);
    requests.viewChanged(newView);
    publish();
    if (first) {
      joined.complete(null);
      settings.model().ifPresent(this::placeAtStart);
    }
  }

  private void tellChanges(View old, View now) {
    for (NodeInfo node : now.members()) {
      if (!node.id().equals(id) && old.member(node.id()).isEmpty()) {
        observers.event(new ClusterEvent.Joined(node));
      }
    }
    for (NodeInfo node : old.members()) {
      if (now.member(node.id()).isEmpty()) {
        observers.event(new ClusterEvent.Left(node));
      }
    }
  }

  /** The model of the config, once those who are there already have had time to be seen. */
  private void placeAtStart(String id) {
    runtime
        .timer()
        .schedule(
            settings.deadlines().settle(),
            () ->
                model(id)
                    .thenComposeAsync(
                        model -> placements.ready(model, requests.demand(model)), runtime.loop())
                    .exceptionally(
                        failure -> {
                          String cause = Messenger.unwrap(failure).getMessage();
                          LOG.log(
                              System.Logger.Level.ERROR, "cannot place model {0}: {1}", id, cause);
                          return null;
                        }));
  }

  private void publish() {
    board.publish(new ClusterState(id, view.members(), placements.plans(), placements.standbys()));
  }

  /** This node as it announces itself. */
  public NodeInfo self() {
    return self.now();
  }

  private void linksChanged() {
    self.links(links.links());
  }

  private void ratesChanged() {
    self.rates(EngineProfile.Cost.DECODE_BYTES_PER_S, rates.rates());
  }

  /**
   * Changes what Brigade may use here from now on, and tells the others, who plan with it. What has
   * been promised stays.
   *
   * @param machine where this node runs, with what all of its nodes may use
   */
  public void resize(Machine machine, long memoryBytes) {
    runtime
        .loop()
        .execute(
            () -> {
              stages.resize(memoryBytes);
              self.memory(machine, memoryBytes);
            });
  }

  @Override
  public ClusterState state() {
    return board.now();
  }

  /** Completes with the first state, from now on, of which the condition holds. */
  public CompletableFuture<ClusterState> when(Predicate<ClusterState> condition) {
    return board.when(condition);
  }

  /** Tells every state from now on, on the loop; the listener must not block. */
  public void onChange(Consumer<ClusterState> listener) {
    board.onChange(listener);
  }

  @Override
  public Runnable observe(NodeObserver observer) {
    return observers.add(observer);
  }

  @Override
  public CompletableFuture<NodeLoad> load() {
    CompletableFuture<NodeLoad> result = new CompletableFuture<>();
    runtime.loop().execute(() -> result.complete(stages.load(requests.count())));
    return result;
  }

  @Override
  public List<String> models() {
    return parts.library().ids();
  }

  @Override
  public CompletableFuture<ServedModel> model(String id) {
    CompletableFuture<ServedModel> result = new CompletableFuture<>();
    runtime
        .background()
        .execute(
            () -> {
              try {
                result.complete(parts.library().open(id));
              } catch (RequestException | RuntimeException | LinkageError e) {
                result.completeExceptionally(e);
              }
            });
    return result;
  }

  @Override
  public Generation generate(GenerationRequest request, Consumer<GenerationEvent> listener) {
    String id = requests.wireId(request);
    PendingGeneration pending = new PendingGeneration(id);
    model(request.model())
        .thenCombine(joined, (model, seen) -> model)
        .whenCompleteAsync(
            (model, failure) -> {
              if (failure != null) {
                requests.refuse(id, failure, listener);
              } else if (closing || draining) {
                requests.refuse(id, ClientRequests.shuttingDown(), listener);
              } else {
                pending.begin(requests.start(id, request, model, listener));
              }
            },
            runtime.loop());
    return pending;
  }

  /**
   * Leaves the cluster without breaking an answer: announces that it takes nothing new, so that the
   * others plan without it; lets requests end that run here, whoever is their entry; then closes.
   * What has not ended in time is closed all the same, and recovered by its entry.
   *
   * @param limit how long to wait for requests
   */
  public CompletableFuture<Void> drain(Duration limit) {
    runtime.loop().execute(() -> drainOnLoop(limit));
    return closed.copy();
  }

  private void drainOnLoop(Duration limit) {
    if (draining || closing) {
      return;
    }
    draining = true;
    self.state(NodeState.DRAINING);
    new Drain(runtime, () -> requests.isEmpty() && stages.isIdle(), this::closeOnLoop).start(limit);
  }

  /**
   * Leaves the cluster: ends the requests of its clients with an error, frees all sequences and
   * shards, then closes the parts. Completes when that is done. Idempotent.
   */
  public CompletableFuture<Void> close() {
    runtime.loop().execute(this::closeOnLoop);
    return closed.copy();
  }

  private void closeOnLoop() {
    if (!closing) {
      closing = true;
      joined.complete(null);
      requests.failAll(ClientRequests.shuttingDown());
      placements.close();
      links.close();
      // Clients hear how it ended before the sockets are gone.
      new Drain(runtime, requests::isEmpty, () -> stages.close().thenRun(this::closeEngine))
          .start(settings.deadlines().control());
    }
  }

  /** Behind the closing of the shards, which the engine's thread has been given already. */
  private void closeEngine() {
    runtime
        .engine()
        .execute(
            () -> {
              parts.engine().close();
              runtime.background().execute(this::closeSockets);
            });
  }

  private void closeSockets() {
    candidates.close();
    parts.transport().close();
    closed.complete(null);
  }
}
