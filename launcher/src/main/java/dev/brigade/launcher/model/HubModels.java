package dev.brigade.launcher.model;

import dev.brigade.cluster.RequestException;
import dev.brigade.cluster.ShardFiles;
import dev.brigade.launcher.config.HubSection;
import dev.brigade.model.decoder.Decoder;
import dev.brigade.model.hub.HubEnvironment;
import dev.brigade.model.hub.HubException;
import dev.brigade.model.hub.HubId;
import dev.brigade.model.hub.HubModel;
import dev.brigade.model.hub.HubSettings;
import dev.brigade.model.hub.ModelHub;
import dev.brigade.spi.Cancellation;
import dev.brigade.spi.Progress;
import dev.brigade.spi.engine.EngineException;
import java.net.URI;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The hub of the config, connected to when it is first asked. Safe for use by several threads.
 *
 * @see ModelHub
 */
public final class HubModels {
  private final HubSection section;
  private final HubEnvironment environment;
  private final Consumer<Progress> progress;
  private Optional<ModelHub> hub = Optional.empty();

  /**
   * @param progress told how far the fetching of configs and tokenizers is
   */
  public HubModels(HubSection section, HubEnvironment environment, Consumer<Progress> progress) {
    this.section = section;
    this.environment = environment;
    this.progress = progress;
  }

  /** A model with its config and tokenizer; blocks. */
  HubModel open(HubId id) throws HubException {
    return hub().open(id, progress, Cancellation.none());
  }

  private synchronized ModelHub hub() throws HubException {
    if (hub.isEmpty()) {
      hub = Optional.of(new ModelHub(settings()));
    }
    return hub.get();
  }

  private HubSettings settings() throws HubException {
    try {
      return new HubSettings(
          section.endpoint().map(URI::create).orElseGet(environment::endpoint),
          section.token().or(environment::token),
          section.cache().orElseGet(environment::cache),
          section.offline().orElseGet(environment::offline),
          HubSettings.Patience.standard());
    } catch (IllegalArgumentException e) {
      throw new HubException(
          HubException.Kind.UNREACHABLE,
          "the hub cannot be used: " + e.getMessage() + "; check HF_ENDPOINT and HF_TOKEN",
          e);
    }
  }

  /** Fetches weights from a hub, in the words of the cluster. */
  static ShardFiles weights(HubModel model, Decoder decoder) {
    return (shard, progress, cancel) -> {
      try {
        model.fetchWeights(decoder, shard.first(), shard.last(), progress, cancel);
      } catch (HubException e) {
        if (e.kind() == HubException.Kind.CANCELLED) {
          throw new EngineException.Cancelled();
        }
        throw asRequestException(e);
      }
    };
  }

  static RequestException asRequestException(HubException cause) {
    RequestException.Kind kind =
        switch (cause.kind()) {
          case NOT_FOUND, DENIED -> RequestException.Kind.MODEL_NOT_FOUND;
          case BAD_CONTENT -> RequestException.Kind.BAD_MODEL;
          case UNREACHABLE, DISK, CANCELLED -> RequestException.Kind.UNAVAILABLE;
        };
    return new RequestException(kind, cause.getMessage(), cause);
  }
}
