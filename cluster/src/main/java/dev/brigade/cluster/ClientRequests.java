package dev.brigade.cluster;

import dev.brigade.cluster.generation.EntryParts;
import dev.brigade.cluster.generation.GenerationEvent;
import dev.brigade.cluster.generation.GenerationRequest;
import dev.brigade.cluster.generation.GenerationRun;
import dev.brigade.cluster.observe.LogFields;
import dev.brigade.cluster.observe.RequestLog;
import dev.brigade.cluster.runtime.Messenger;
import dev.brigade.spi.engine.Precision;
import dev.brigade.spi.partition.Demand;
import dev.brigade.spi.transport.View;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** The requests whose entry this node is, from their start to their end. Owned by the loop. */
final class ClientRequests {
  private static final System.Logger LOG = System.getLogger(ClientRequests.class.getName());

  private final NodeSettings settings;
  private final EntryParts entry;
  private final Map<String, GenerationRun> runs = new LinkedHashMap<>();

  ClientRequests(NodeSettings settings, EntryParts entry) {
    this.settings = settings;
    this.entry = entry;
  }

  /**
   * Names a request on the wire; unlike the client's name it is of this request alone. From any
   * thread.
   */
  String wireId(GenerationRequest request) {
    return request
        .id()
        .map(id -> "%s.%08x".formatted(id.value(), entry.runtime().random().nextInt()))
        .orElseGet(() -> "r%016x".formatted(entry.runtime().random().nextLong()));
  }

  /** Tells a client why its request does not start. */
  void refuse(String id, Throwable failure, Consumer<GenerationEvent> listener) {
    RequestException cause = asRequestException(failure);
    entry
        .log()
        .info(
            id,
            "refused",
            LogFields.none()
                .with("kind", RequestLog.word(cause.kind()))
                .with("reason", String.valueOf(cause.getMessage())));
    listener.accept(new GenerationEvent.Failed(cause));
  }

  GenerationRun start(
      String id, GenerationRequest request, ServedModel model, Consumer<GenerationEvent> listener) {
    GenerationRun run =
        new GenerationRun(
            id, request, model, demand(model), entry, listener, () -> runs.remove(id));
    runs.put(id, run);
    try {
      run.start();
    } catch (RuntimeException e) {
      LOG.log(System.Logger.Level.ERROR, "request " + id + " could not start", e);
      run.fail(asRequestException(e));
    }
    return run;
  }

  /** What plans of a model must be able to serve. */
  Demand demand(ServedModel model) {
    int context = Math.min(settings.context(), model.shape().contextLimit());
    List<Precision> precisions = ServedModel.precisions(model.stored(), settings.precision());
    return new Demand(context, 1, precisions, Demand.Goal.LATENCY);
  }

  private static RequestException asRequestException(Throwable failure) {
    Throwable cause = Messenger.unwrap(failure);
    return cause instanceof RequestException known
        ? known
        : new RequestException(RequestException.Kind.INTERNAL, cause.toString(), cause);
  }

  Optional<GenerationRun> find(String id) {
    return Optional.ofNullable(runs.get(id));
  }

  int count() {
    return runs.size();
  }

  boolean isEmpty() {
    return runs.isEmpty();
  }

  void viewChanged(View view) {
    List.copyOf(runs.values()).forEach(run -> run.viewChanged(view));
  }

  /** Ends all of them with an error. */
  void failAll(RequestException cause) {
    List.copyOf(runs.values()).forEach(run -> run.fail(cause));
  }

  /** Why a node that leaves takes no request. */
  static RequestException shuttingDown() {
    return new RequestException(
        RequestException.Kind.UNAVAILABLE, "this node is shutting down; ask another one");
  }
}
