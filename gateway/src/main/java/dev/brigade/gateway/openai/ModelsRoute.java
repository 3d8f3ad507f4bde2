package dev.brigade.gateway.openai;

import dev.brigade.cluster.InferenceService;
import dev.brigade.gateway.http.ApiError;
import dev.brigade.gateway.http.Exchange;
import java.time.Clock;
import java.util.List;

/** {@code GET /v1/models} and {@code GET /v1/models/{id}}. */
public final class ModelsRoute {
  private final InferenceService node;
  private final long started;

  /** Lists the models that this node can serve, as made when it started. */
  public ModelsRoute(InferenceService node, Clock clock) {
    this.node = node;
    this.started = clock.instant().getEpochSecond();
  }

  private record Models(String object, List<Model> data) {}

  private record Model(String id, String object, long created, String ownedBy) {}

  /** All of them. */
  public void list(Exchange exchange) {
    exchange.json(200, new Models("list", node.models().stream().map(this::model).toList()));
  }

  /**
   * One of them.
   *
   * @throws ApiError if there is none of that id
   */
  public void one(Exchange exchange, String id) throws ApiError {
    if (!node.models().contains(id)) {
      throw ApiError.unknownModel(
          "the model '" + id + "' is not known to this node; GET /v1/models lists those that are");
    }
    exchange.json(200, model(id));
  }

  private Model model(String id) {
    return new Model(id, "model", started, "brigade");
  }
}
