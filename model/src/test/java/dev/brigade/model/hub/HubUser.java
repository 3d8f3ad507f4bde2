package dev.brigade.model.hub;

import dev.brigade.spi.Cancellation;
import dev.brigade.spi.Progress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;

/** Somebody with a cache who fetches from a hub, and does not really wait before retries. */
final class HubUser {
  static final HubSettings.Patience PATIENCE =
      new HubSettings.Patience(
          Duration.ofSeconds(20),
          Duration.ofSeconds(20),
          Duration.ofSeconds(20),
          Duration.ofMillis(500),
          Duration.ofMinutes(1),
          4);

  private final URI endpoint;
  private final Path cache;
  private final List<Duration> pauses = new CopyOnWriteArrayList<>();
  private final List<Progress> progress = new ArrayList<>();
  private Optional<String> token = Optional.empty();
  private boolean offline;
  private Duration stall = PATIENCE.stall();

  HubUser(URI endpoint, Path cache) {
    this.endpoint = endpoint;
    this.cache = cache;
  }

  HubUser withToken(String secret) {
    token = Optional.of(secret);
    return this;
  }

  /** Does not wait long for the next bytes. */
  HubUser impatient() {
    stall = Duration.ofMillis(300);
    return this;
  }

  HubUser offline() {
    offline = true;
    return this;
  }

  ModelHub hub() {
    HubSettings.Patience patience =
        new HubSettings.Patience(
            PATIENCE.connect(),
            PATIENCE.answer(),
            stall,
            PATIENCE.pause(),
            PATIENCE.longestPause(),
            PATIENCE.tries());
    HubSettings settings = new HubSettings(endpoint, token, cache, offline, patience);
    return new ModelHub(settings, this::pause);
  }

  /** Waits for another holder of a lock are real; pauses before retries are only written down. */
  private void pause(Duration time, Cancellation cancel) throws HubException {
    if (time.equals(Pause.GLANCE)) {
      Pause.real().await(time, cancel);
    } else {
      pauses.add(time);
      Pause.requireWanted(cancel);
    }
  }

  /** Config and tokenizer. */
  HubModel open() throws HubException {
    return hub().open(TestHub.ID, progress::add, Cancellation.none());
  }

  /** All of a model that is in one file. */
  HubModel fetch() throws HubException {
    return fetch(Cancellation.none());
  }

  HubModel fetch(Cancellation cancel) throws HubException {
    HubModel model = hub().open(TestHub.ID, progress::add, cancel);
    model.ensure(Set.of("model.safetensors"), progress::add, cancel);
    return model;
  }

  List<Duration> pauses() {
    return pauses;
  }

  List<Progress> progress() {
    return progress;
  }

  Path repository() {
    return cache.resolve("models--org--tiny");
  }

  Path part(TestHub hub) {
    return repository().resolve("blobs").resolve(hub.etag("model.safetensors") + ".incomplete");
  }

  static byte[] bytes(HubModel model, String name) {
    try {
      return Files.readAllBytes(model.folder().resolve(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
