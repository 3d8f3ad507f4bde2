package dev.brigade.launcher.model;

import dev.brigade.cluster.ModelLibrary;
import dev.brigade.cluster.RequestException;
import dev.brigade.cluster.ServedModel;
import dev.brigade.gateway.openai.PromptSource;
import dev.brigade.model.hub.HubException;
import dev.brigade.spi.engine.ModelRef;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * The models that this process may open: those that come with Brigade, and those that its user has
 * named. Clients cannot make it open any other; plans of members, which know the secret, may name
 * models of the hub, which hold nothing but data.
 */
public final class LocalModels implements ModelLibrary, AutoCloseable {
  private final Map<String, ModelLocation> known = new LinkedHashMap<>();
  private final Map<String, OpenModel> opened = new LinkedHashMap<>();
  private final Map<ModelRef, OpenModel> ofPlans = new LinkedHashMap<>();
  private final ModelLocations locations;
  private final ExecutorService executor = Executors.newCachedThreadPool(LocalModels::daemon);

  /**
   * @param named what the user has named, first in the order of the library
   */
  public LocalModels(List<ModelLocation> named, ModelLocations locations) {
    this.locations = locations;
    named.forEach(model -> known.putIfAbsent(model.id(), model));
    locations.bundled().forEach(model -> known.putIfAbsent(model.id(), model));
  }

  private static Thread daemon(Runnable task) {
    Thread thread = new Thread(task, "brigade-models");
    thread.setDaemon(true);
    return thread;
  }

  @Override
  public List<String> ids() {
    return List.copyOf(known.keySet());
  }

  @Override
  public ServedModel open(String id) throws RequestException {
    return model(id).served();
  }

  /**
   * Opens a model of a plan: one of those that are known here, or one of the hub, at the commit
   * that the plan was made for.
   */
  @Override
  public ServedModel open(ModelRef ref) throws RequestException {
    if (known.containsKey(ref.id())) {
      ServedModel own = model(ref.id()).served();
      if (own.ref().equals(ref)) {
        return own;
      }
    }
    Optional<OpenModel> before = ofPlan(ref);
    if (before.isPresent()) {
      return before.get().served();
    }
    Optional<ModelLocation> location;
    try {
      // Not under the lock: the network may be slow, and others want models that are here.
      location = locations.find(ref);
    } catch (HubException e) {
      throw HubModels.asRequestException(e);
    }
    return location.isPresent()
        ? keep(ref, OpenModel.open(location.get())).served()
        : model(ref.id()).served();
  }

  private synchronized Optional<OpenModel> ofPlan(ModelRef ref) {
    return Optional.ofNullable(ofPlans.get(ref));
  }

  private synchronized OpenModel keep(ModelRef ref, OpenModel model) {
    OpenModel before = ofPlans.putIfAbsent(ref, model);
    if (before != null) {
      model.close();
      return before;
    }
    return model;
  }

  /** Opens a model with all that requests need of it. */
  public synchronized OpenModel model(String id) throws RequestException {
    OpenModel before = opened.get(id);
    if (before != null) {
      return before;
    }
    ModelLocation location = known.get(id);
    if (location == null) {
      throw new RequestException(
          RequestException.Kind.MODEL_NOT_FOUND,
          "there is no model '" + id + "' here; known are " + ids());
    }
    OpenModel model = OpenModel.open(location);
    opened.put(id, model);
    return model;
  }

  /** What requests in words need of a model; may block on files. */
  public PromptSource promptSource(String id) throws RequestException {
    return new ModelPromptSource(model(id), Integer.MAX_VALUE);
  }

  /**
   * What requests in words need of a model; does not block.
   *
   * @param context most tokens of prompt and answer together, where the model itself takes more
   */
  public CompletionStage<PromptSource> prompts(String id, int context) {
    CompletableFuture<PromptSource> result = new CompletableFuture<>();
    executor.execute(
        () -> {
          try {
            result.complete(new ModelPromptSource(model(id), context));
          } catch (RequestException | RuntimeException e) {
            result.completeExceptionally(e);
          }
        });
    return result;
  }

  /** Closes the models' files. */
  @Override
  public synchronized void close() {
    executor.shutdown();
    opened.values().forEach(OpenModel::close);
    opened.clear();
    ofPlans.values().forEach(OpenModel::close);
    ofPlans.clear();
  }
}
