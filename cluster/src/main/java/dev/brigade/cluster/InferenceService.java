package dev.brigade.cluster;

import dev.brigade.cluster.generation.Generation;
import dev.brigade.cluster.generation.GenerationEvent;
import dev.brigade.cluster.generation.GenerationRequest;
import dev.brigade.cluster.observe.NodeLoad;
import dev.brigade.cluster.observe.NodeObserver;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/** What a node offers to whoever faces its clients. Callable from any thread; nothing blocks. */
public interface InferenceService {

  /** Members and plans as this node sees them now. */
  ClusterState state();

  /** What this node has to do now. */
  CompletionStage<NodeLoad> load();

  /**
   * Tells everything that happens from now on.
   *
   * @return what ends it
   */
  Runnable observe(NodeObserver observer);

  /** Ids of the models that this node can serve, in the order of its library. */
  List<String> models();

  /**
   * Opens a model's config and tokenizer.
   *
   * @return the model, or exceptionally a {@link RequestException}: of kind MODEL_NOT_FOUND, or
   *     BAD_MODEL if its files are not usable
   */
  CompletionStage<ServedModel> model(String id);

  /**
   * Starts a generation; the model is placed first if it is not yet. All that goes wrong is told as
   * {@link GenerationEvent.Failed}, which, like {@link GenerationEvent.Finished}, is the last
   * event.
   *
   * @param listener told of each event in order, one call at a time, on the node's loop: it must
   *     not block
   */
  Generation generate(GenerationRequest request, Consumer<GenerationEvent> listener);
}
