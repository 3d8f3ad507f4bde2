package dev.brigade.model.hub;

import dev.brigade.spi.Cancellation;
import dev.brigade.spi.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/** Brings files of one repository into its snapshots. */
record Fetcher(HubApi api, HubSettings settings, RepositoryCache cache, HubId id, Pause pause) {
  private static final System.Logger LOG = System.getLogger(Fetcher.class.getName());

  Path snapshot(String commit) {
    return cache.snapshot(commit);
  }

  boolean isHere(String commit, String name) {
    return Files.isRegularFile(snapshot(commit).resolve(name));
  }

  /** Fetches files that are not here; asks what they are first, and whether there is room. */
  void fetch(String commit, List<String> names, Consumer<Progress> progress, Cancellation cancel)
      throws HubException {
    String activity = "fetching " + id;
    ParallelFetch parallel = new ParallelFetch(progress, cancel);
    Retries retries = new Retries(settings.patience(), pause);
    List<RemoteFile> files =
        parallel.each(
            activity,
            names,
            0,
            (name, present, wanted) ->
                retries.of(
                    "asking for " + name + " of " + id,
                    () -> api.describe(id, commit, name, wanted),
                    wanted));
    Disk.requireRoom(cache.cache(), id.toString(), missingBytes(files));
    LOG.log(
        System.Logger.Level.INFO,
        "fetching {0} files of {1} from {2}: {3} bytes are missing",
        files.size(),
        id,
        settings.endpoint(),
        missingBytes(files));
    BlobDownload download = new BlobDownload(api, settings, cache, pause);
    parallel.each(
        activity,
        files,
        totalBytes(files),
        (file, present, wanted) -> {
          download.fetch(id, commit, file, present, wanted);
          return file;
        });
  }

  private static long totalBytes(List<RemoteFile> files) {
    boolean known = files.stream().allMatch(file -> file.size().isPresent());
    return known ? files.stream().mapToLong(file -> file.size().getAsLong()).sum() : 0;
  }

  private long missingBytes(List<RemoteFile> files) {
    return files.stream()
        .filter(file -> !Files.exists(cache.blob(file)))
        .mapToLong(file -> file.size().orElse(0) - size(cache.part(file)))
        .filter(bytes -> bytes > 0)
        .sum();
  }

  private static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      return 0;
    }
  }
}
