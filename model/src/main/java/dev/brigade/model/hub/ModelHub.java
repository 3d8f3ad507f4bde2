package dev.brigade.model.hub;

import dev.brigade.spi.Cancellation;
import dev.brigade.spi.Progress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * A Hugging Face style hub, seen through the cache on this machine. Safe for use by several
 * threads; several processes share one cache and fetch nothing twice.
 */
public final class ModelHub {
  private static final System.Logger LOG = System.getLogger(ModelHub.class.getName());

  private final HubSettings settings;
  private final HubApi api;
  private final Pause pause;

  public ModelHub(HubSettings settings) {
    this(settings, Pause.real());
  }

  ModelHub(HubSettings settings, Pause pause) {
    this.settings = settings;
    this.pause = pause;
    api = new HubApi(settings);
  }

  /**
   * A model with its config and tokenizer, which are fetched unless they are here; blocks. When the
   * hub cannot be reached, what is in the cache serves.
   *
   * @param progress told now and then, from the calling thread
   * @throws HubException if it is not to be had; says why and what to do
   */
  public HubModel open(HubId id, Consumer<Progress> progress, Cancellation cancel)
      throws HubException {
    RepositoryCache cache = new RepositoryCache(settings.cache(), id);
    Optional<String> cached = cache.commit(id).filter(commit -> isOpenable(cache.snapshot(commit)));
    if (settings.offline()) {
      return new HubModel(
          id, cached.orElseThrow(() -> notHere(id)), Optional.empty(), fetcher(cache, id));
    }
    Listing listing;
    try {
      listing = listing(id, cached.isPresent(), cancel);
    } catch (HubException e) {
      if (e.kind() == HubException.Kind.UNREACHABLE && cached.isPresent()) {
        LOG.log(
            System.Logger.Level.WARNING,
            "{0}; going on with {1} as it is in {2}",
            e.getMessage(),
            id,
            settings.cache());
        return new HubModel(id, cached.get(), Optional.empty(), fetcher(cache, id));
      }
      throw e;
    }
    HubModel model = new HubModel(id, listing.commit(), Optional.of(listing), fetcher(cache, id));
    TreeSet<String> small = new TreeSet<>(listing.files());
    small.removeIf(name -> !ModelFileNames.isSmall(name));
    if (small.isEmpty()) {
      throw new HubException(
          HubException.Kind.BAD_CONTENT,
          "'%s' has neither config nor tokenizer at its top; it is no language model"
              .formatted(id));
    }
    model.ensure(small, progress, cancel);
    cache.remember(id, listing.commit());
    return model;
  }

  private Fetcher fetcher(RepositoryCache cache, HubId id) {
    return new Fetcher(api, settings, cache, id, pause);
  }

  /** With a copy in the cache, nobody waits long for a hub that is away. */
  private Listing listing(HubId id, boolean isCached, Cancellation cancel) throws HubException {
    HubSettings.Patience usual = settings.patience();
    HubSettings.Patience patience =
        isCached
            ? new HubSettings.Patience(
                usual.connect(), usual.answer(), usual.stall(), usual.pause(), usual.pause(), 2)
            : usual;
    return new Retries(patience, pause)
        .of("asking " + settings.endpoint() + " for " + id, () -> api.listing(id, cancel), cancel);
  }

  private static boolean isOpenable(Path snapshot) {
    return Files.isRegularFile(snapshot.resolve(ModelFileNames.CONFIG))
        || Files.isRegularFile(snapshot.resolve(ModelFileNames.TOKENIZER));
  }

  private HubException notHere(HubId id) {
    return new HubException(
        HubException.Kind.UNREACHABLE,
        ("'%s' is not in %s, and the hub may not be asked (offline); fetch it once "
                + "without HF_HUB_OFFLINE")
            .formatted(id, settings.cache()));
  }
}
