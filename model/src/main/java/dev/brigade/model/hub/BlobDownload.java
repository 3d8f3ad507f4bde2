package dev.brigade.model.hub;

import dev.brigade.spi.Cancellation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.function.LongConsumer;

/** Brings one file into the cache: locked, resumed, checked, and only then under its name. */
final class BlobDownload {
  private static final System.Logger LOG = System.getLogger(BlobDownload.class.getName());

  private final HubApi api;
  private final HubSettings settings;
  private final RepositoryCache cache;
  private final Retries retries;
  private final Pause pause;

  BlobDownload(HubApi api, HubSettings settings, RepositoryCache cache, Pause pause) {
    this.api = api;
    this.settings = settings;
    this.cache = cache;
    this.pause = pause;
    retries = new Retries(settings.patience(), pause);
  }

  /**
   * Returns when the file is in the snapshot.
   *
   * @param present told how many bytes of it are there, now and then
   */
  void fetch(HubId id, String commit, RemoteFile file, LongConsumer present, Cancellation cancel)
      throws HubException {
    Path blob = cache.blob(file);
    Path part = cache.part(file);
    Runnable watchOther = () -> present.accept(size(part));
    BlobLock lock = BlobLock.acquire(cache.lock(file), pause, watchOther, cancel);
    try {
      if (!Files.exists(blob)) {
        download(id, commit, file, present, cancel);
      }
      SnapshotEntry.make(cache.snapshot(commit).resolve(file.name()), blob);
      present.accept(size(blob));
    } finally {
      lock.close();
    }
  }

  private void download(
      HubId id, String commit, RemoteFile file, LongConsumer present, Cancellation cancel)
      throws HubException {
    Path part = cache.part(file);
    try {
      Files.createDirectories(part.getParent());
      boolean right = complete(id, commit, file, present, cancel);
      if (!right) {
        LOG.log(
            System.Logger.Level.WARNING,
            "{0} of {1} has other bytes than its hash says; fetching it anew",
            file.name(),
            id);
        Files.delete(part);
        right = complete(id, commit, file, present, cancel);
      }
      if (!right) {
        Files.delete(part);
        throw new HubException(
            HubException.Kind.BAD_CONTENT,
            ("%s of %s came twice with other bytes than its hash %s says; %s, or what lies "
                    + "between, sends wrong data")
                .formatted(file.name(), id, file.etag(), settings.endpoint()));
      }
      // Another program may have left a link that leads nowhere.
      Files.deleteIfExists(cache.blob(file));
      Files.move(part, cache.blob(file), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw Disk.failure(part, "written", e);
    }
  }

  /** Fetches what is missing of the part; whether it is what the hash says. */
  private boolean complete(
      HubId id, String commit, RemoteFile file, LongConsumer present, Cancellation cancel)
      throws HubException, IOException {
    Optional<ContentHash> hash = ContentHash.of(file.etag());
    String what = "fetching " + file.name() + " of " + id;
    try (PartFile part = PartFile.open(cache.part(file), present)) {
      Transfer transfer = new Transfer(api, settings, cache, id, commit, file, part);
      Transfer.End end =
          retries.of(what, () -> transfer.attempt(hash, cancel), part::highest, cancel);
      if (end == Transfer.End.WRONG) {
        return false;
      }
      part.force();
      if (end == Transfer.End.CHECKED || hash.isEmpty()) {
        return true;
      }
    }
    return hash.get().matches(cache.part(file), cancel);
  }

  private static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      return 0;
    }
  }
}
