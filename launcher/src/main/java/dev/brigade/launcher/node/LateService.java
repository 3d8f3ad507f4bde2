package dev.brigade.launcher.node;

import dev.brigade.cluster.ClusterState;
import dev.brigade.cluster.InferenceService;
import dev.brigade.cluster.RequestException;
import dev.brigade.cluster.ServedModel;
import dev.brigade.cluster.generation.Generation;
import dev.brigade.cluster.generation.GenerationEvent;
import dev.brigade.cluster.generation.GenerationRequest;
import dev.brigade.cluster.observe.NodeLoad;
import dev.brigade.cluster.observe.NodeObserver;
import dev.brigade.cluster.observe.Observers;
import dev.brigade.spi.transport.NodeId;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * A node that is still starting. The API must listen before the node can announce where it does;
 * until the node is there, clients are told to come again.
 */
final class LateService implements InferenceService {
  private static final NodeId NOBODY = new NodeId("starting");
  private final Observers observers = new Observers();
  private volatile Optional<InferenceService> node = Optional.empty();

  void arrive(InferenceService started) {
    started.observe(observers);
    node = Optional.of(started);
  }

  @Override
  public ClusterState state() {
    return node.map(InferenceService::state)
        .orElseGet(() -> new ClusterState(NOBODY, List.of(), List.of()));
  }

  @Override
  public CompletionStage<NodeLoad> load() {
    return node.map(InferenceService::load)
        .orElseGet(() -> CompletableFuture.completedFuture(new NodeLoad(0, 0, 0, 0, 0)));
  }

  @Override
  public Runnable observe(NodeObserver observer) {
    return observers.add(observer);
  }

  @Override
  public List<String> models() {
    return node.map(InferenceService::models).orElse(List.of());
  }

  @Override
  public CompletionStage<ServedModel> model(String id) {
    return node.map(started -> started.model(id))
        .orElseGet(() -> CompletableFuture.failedFuture(starting()));
  }

  @Override
  public Generation generate(GenerationRequest request, Consumer<GenerationEvent> listener) {
    Optional<InferenceService> started = node;
    if (started.isPresent()) {
      return started.get().generate(request, listener);
    }
    listener.accept(new GenerationEvent.Failed(starting()));
    return new Generation() {
      @Override
      public String id() {
        return "refused";
      }

      @Override
      public void cancel() {}
    };
  }

  private static RequestException starting() {
    return new RequestException(
        RequestException.Kind.UNAVAILABLE, "this node is still starting; try again in a moment");
  }
}
